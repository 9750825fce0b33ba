using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Logging;

namespace Krmx.FunctionalTests.Faults.Recording;

/// <summary>A <see cref="KrmxClient"/> that writes down what it sees, says something now and then, and wants to stay linked.</summary>
internal sealed class RecordedClient : IAsyncDisposable
{
    private const int ProtocolViolated = 8;

    private readonly History _history;
    private readonly ClientLog _log;
    private readonly Lock _gate = new();
    private readonly CapturedLogs _logs = new();
    private readonly LoggerFactory _loggers;
    private readonly string _username;
    private readonly string? _auth;
    private Uri? _server;
    private bool _isOpen;
    private bool _isAsking;
    private long _link;
    private long _said;
    private long _lastHeard;

    public RecordedClient(History history, string username, string? auth = null, bool isHealthy = false, KrmxClientOptions? options = null)
    {
        _history = history;
        _username = username;
        _auth = auth;
        _log = history.Add(new ClientLog(username) { IsHealthy = isHealthy, Retries = true });
        _loggers = new LoggerFactory([_logs]);

        // What is judged is one link on one connection; links that go on over several have tests of their own.
        Client = new KrmxClient(new KrmxClientOptions(options ?? Expect.Hasty) { LoggerFactory = _loggers, Reconnect = { Resumes = false } });
        Listen();
    }

    public KrmxClient Client { get; }

    public string Name => _log.Name;

    public bool IsHealthy => _log.IsHealthy;

    /// <summary>One in how many ticks it answers by saying something; 0 for none.</summary>
    public int Talkativeness { get; set; }

    /// <summary>The number of the last message it got.</summary>
    public long LastHeard => Volatile.Read(ref _lastHeard);

    /// <summary>The last that it saw, for a test that fails.</summary>
    public string LastSights => string.Join(", ", _log.Entries.TakeLast(12));

    /// <summary>The number of its link, and of the last message it sent in it.</summary>
    public (long Link, long Said) Sent
    {
        get
        {
            lock (_gate)
                return (_link, _said);
        }
    }

    public bool IsLinked => Client.Status == ClientStatus.Linked;

    /// <summary>Connects and links, as often as it takes.</summary>
    public Task LinkAsync(Uri server)
    {
        _server = new Uri($"{server}?c={_log.Name}");
        return LinkAsync();
    }

    /// <summary>Writes down how it is now that everything has come to rest.</summary>
    public void Rest() => _log.Rest = new ClientRest(Client.Username, Client.Users);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _loggers.Dispose();
        foreach (CapturedLogs.Entry entry in _logs.Entries)
        {
            if (entry.Level >= LogLevel.Error || entry.EventId == ProtocolViolated)
                _history.Incident($"{_username}: {entry.Text} {entry.Error}");
        }
    }

    private async Task LinkAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!IsLinked)
        {
            Assert.False(patience.IsCancellationRequested, $"{_username} was never linked; status {Client.Status}");
            if (Client.Status == ClientStatus.Disconnected)
                await Expect.EndsAsync(Client.ConnectAsync(_server!));
            if (Client.Status == ClientStatus.Connected)
                await Expect.EndsAsync(Client.LinkAsync(_username, _auth));
            else
                await Task.Delay(1);
        }
    }

    private void Listen()
    {
        Client.OnConnect(() =>
        {
            _isOpen = true;
            _log.Add(Sight.Opened);
        });
        Client.OnStatus(Note);
        Client.OnAccept(() =>
        {
            _isAsking = false;
            _log.Add(Sight.Accepted);
        });
        Client.OnJoin(user => Add(Sight.Joined, user));
        Client.OnLink(user => Add(Sight.Linked, user));
        Client.OnUnlink(user =>
        {
            Add(Sight.Unlinked, user);
            if (_isOpen && user == _username)
                Observe(LinkAgainAsync());
        });
        Client.OnLeave(user => Add(Sight.Left, user));
        Client.OnMessage<long[]>(ServerRecorder.News, Hear);
    }

    /// <summary>
    /// Takes its user back. Under the policy Replace a connection that it has given up can take it: by a link request that was held on its
    /// way, and comes after the one of the connection that followed.
    /// </summary>
    private async Task LinkAgainAsync()
    {
        await Patience.Until(() => Client.Status == ClientStatus.Connected, $"{_username} is unlinked");
        await LinkAsync();
    }

    private void Note(ClientStatus status)
    {
        switch (status)
        {
            case ClientStatus.Linking:
                _isAsking = true;
                _log.Add(Sight.Asked, _username);
                break;
            case ClientStatus.Connected when _isAsking:
                // A conflict that will be retried has no reject event.
                _isAsking = false;
                _log.Add(Sight.Rejected);
                break;
            case ClientStatus.Closing or ClientStatus.Reconnecting or ClientStatus.Disconnected when _isOpen:
                _isOpen = _isAsking = false;
                _log.Add(Sight.Closed);
                break;
        }
    }

    /// <summary>What the client tells itself when its connection is lost is not what it was told.</summary>
    private void Add(Sight sight, string user)
    {
        if (_isOpen)
            _log.Add(sight, user);
    }

    private void Hear(long[] news)
    {
        (long number, long link) = (news[0], news[1]);
        if (link > 0)
        {
            lock (_gate)
                (_link, _said) = (link, 0);
            _log.Add(Sight.Welcomed, number: link);
        }
        _log.Add(Sight.Received, number: number);
        if (link == ServerRecorder.Quiet)
        {
            Talkativeness = 0;
            Say();
        }
        Volatile.Write(ref _lastHeard, number);
        if (link == ServerRecorder.Tick && Talkativeness > 0 && (number + (uint)_username.GetHashCode(StringComparison.Ordinal)) % Talkativeness == 0)
            Say();
    }

    private void Say()
    {
        if (!IsLinked)
            return; // an earlier event of the same frame's turn ended it
        lock (_gate)
            _log.Add(Sight.Said, number: ++_said);
        Observe(Client.SendAsync(ServerRecorder.Say, new[] { _link, _said }));
    }

    private void Observe(Task sending) => sending.ContinueWith(
        failed =>
        {
            if (failed.Exception!.InnerException is not KrmxDisconnectedException)
                _history.Incident($"{_username} could not send: {failed.Exception.InnerException}");
        },
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
