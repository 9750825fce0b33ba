using System.Threading.Channels;

namespace Krmx.Cli.Connect;

/// <summary>A user at a server: shows what happens, and does what lines of text say.</summary>
internal sealed class ConnectRun : IAsyncDisposable
{
    private readonly KrmxClient _client;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectOptions _options;
    private readonly ConnectView _view;
    private readonly LineCommands _commands;

    public ConnectRun(ConnectOptions options, ConnectView view)
    {
        _options = options;
        _view = view;
        _client = new KrmxClient(new KrmxClientOptions { Timeouts = { Connect = options.Patience, Request = options.Patience } });
        _commands = new LineCommands(_client, view, options.Auth);
        ClientEvents.Attach(_client, view);
    }

    /// <summary>Connects and links, and lives until the lines end, one of them quits, or there is an interruption.</summary>
    /// <exception cref="KrmxException">There is no connection, or none any more, or the user was rejected.</exception>
    public async Task RunAsync(ChannelReader<string> lines, CancellationToken interruption)
    {
        await _client.ConnectAsync(_options.Uri, interruption);
        _client.OnStatus(status =>
        {
            if (status == ClientStatus.Disconnected)
                _ended.TrySetResult();
        });
        await LinkAsync(interruption);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        Task reading = FollowAsync(lines, end.Token);
        bool isLost = await Task.WhenAny(reading, _ended.Task) == _ended.Task;
        await end.CancelAsync();
        if (isLost)
            throw Lost();
        await reading;
        await FinishAsync();
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task LinkAsync(CancellationToken interruption)
    {
        try
        {
            await _client.LinkAsync(_options.Username, _options.Auth, interruption);
        }
        catch (KrmxException) when (_client is { Status: ClientStatus.Disconnected, LastClose: not null })
        {
            throw Lost();
        }
    }

    private KrmxDisconnectedException Lost() => new($"{_client.LastClose}", _client.LastClose?.Error) { Close = _client.LastClose };

    private async Task FollowAsync(ChannelReader<string> lines, CancellationToken end)
    {
        try
        {
            await foreach (string line in lines.ReadAllAsync(end))
            {
                if (!await _commands.DoAsync(line, end))
                    return;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ctrl-C does what the end of the lines does.
        }
    }

    private async Task FinishAsync()
    {
        try
        {
            if (_client.Status == ClientStatus.Linked)
                await (_options.Leaves ? _client.LeaveAsync() : _client.UnlinkAsync());
        }
        catch (KrmxException error) when (!_options.Leaves)
        {
            // A connection that is lost now unlinks the user as well.
            _view.Complain(error.Message);
        }
        await _client.DisconnectAsync();
    }
}
