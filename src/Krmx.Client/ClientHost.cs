using Krmx.Client;
using Krmx.Links;
using Krmx.Transport;
using Krmx.Turns;
using Microsoft.Extensions.Logging;

namespace Krmx;

/// <summary>What stands between the client's state machine and the world: turns, sockets, clocks and logs.</summary>
internal sealed class ClientHost : IClientOutput
{
    private ClientSession? _client;
    private Completion? _sending;
    private bool _isDisposed;

    /// <param name="options">The client's options; valid ones.</param>
    /// <param name="dial">What opens connections.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public ClientHost(KrmxClientOptions options, Dialer dial)
    {
        string problems = string.Join(" ", options.Validate());
        if (problems.Length > 0)
            throw new ArgumentException(problems, nameof(options));
        Options = options;
        Dial = dial;
        Logger = new SafeLogger(options.LoggerFactory.CreateLogger("Krmx.Client"));
        Turns = new SerialExecutor(SynchronizationContext.Current, error => Log.TurnFailed(Logger, error));
        Random = options.Reconnect.Random ?? new Random();
        Links = new LinkKeeper(this);
    }

    public KrmxClientOptions Options { get; }

    public Dialer Dial { get; }

    public ILogger Logger { get; }

    public SerialExecutor Turns { get; }

    public Random Random { get; }

    public LinkKeeper Links { get; }

    public ClientSession Client => _client!;

    public IClientInput Session => _client!;

    public ConnectionLoop? Loop { get; private set; }

    public KrmxClose? LastClose { get; set; }

    public void Attach(ClientSession client) => _client = client;

    public Task ConnectAsync(Uri uri, CancellationToken cancellationToken) => InTurn(completion =>
    {
        ObjectDisposedException.ThrowIf(_isDisposed, Client);
        Demand(ClientStatus.Disconnected, "connect");
        var loop = new ConnectionLoop(this, uri);
        Loop = loop;
        completion.CancelBy(() => Turns.Post(() => Stop(loop)), cancellationToken);
        Go(loop.RunAsync(completion));
    }, cancellationToken);

    public Task LinkAsync(Credentials who, CancellationToken cancellationToken) =>
        InTurn(completion => Go(Links.LinkAsync(who, completion, cancellationToken)), cancellationToken);

    public Task UnlinkAsync(CancellationToken cancellationToken) => InTurn(completion =>
    {
        completion.CancelBy(static () => { }, cancellationToken);
        Go(Links.UnlinkAsync(completion));
    }, cancellationToken);

    public Task LeaveAsync(CancellationToken cancellationToken) => InTurn(completion =>
    {
        completion.CancelBy(static () => { }, cancellationToken);
        Go(Links.LeaveAsync(completion));
    }, cancellationToken);

    public Task SendAsync(KrmxMessage message) => InTurn(completion =>
    {
        if (Loop?.Transport is SocketTransport transport && transport.QueuedBytes >= Options.MaxQueuedBytes)
            throw new KrmxException($"cannot send: {transport.QueuedBytes} bytes wait to be sent already");
        _sending = completion;
        try
        {
            Session.Send(message);
        }
        finally
        {
            _sending = null;
        }
    });

    public Task DisconnectAsync(CancellationToken cancellationToken) => InTurn(completion =>
    {
        if (Loop is not ConnectionLoop loop || Client.Status == ClientStatus.Disconnected)
        {
            completion.Succeed();
            return;
        }
        Stop(loop);
        completion.CancelBy(() => Turns.Post(() => loop.Abort(new OperationCanceledException(cancellationToken))), cancellationToken);
        loop.Ended.ContinueWith(
            _ => completion.Succeed(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }, cancellationToken);

    public Task DisposeAsync()
    {
        Turns.Run(() => _isDisposed = true);
        return DisconnectAsync(CancellationToken.None);
    }

    public void Demand(ClientStatus status, string what)
    {
        if (Client.Status != status)
            throw new KrmxException($"cannot {what}: the client is {Client.Status.ToString().ToLowerInvariant()}");
    }

    /// <summary>The failure of something that the end of the connection ended.</summary>
    public KrmxDisconnectedException Lost(string what) =>
        new($"{what}: {LastClose?.ToString() ?? "there is no connection"}", LastClose);

    /// <summary>Logs what an asynchronous listener throws.</summary>
    public void Watch(Task listening) => listening.OnFailure(error => Log.ListenerFailed(Logger, "message", error));

    /// <summary>Lets something go on by itself.</summary>
    public void Go(Task running) => running.OnFailure(error => Log.TurnFailed(Logger, error));

    void IClientOutput.Send(ReadOnlyMemory<byte> frame) => Loop!.Transport!.Send(frame, _sending ?? new Completion());

    void IClientOutput.LinkEnded(RequestOutcome outcome) => Links.LinkEnded(outcome);

    void IClientOutput.UnlinkEnded(RequestOutcome outcome) => Links.UnlinkEnded(outcome);

    void IClientOutput.LeaveEnded(RequestOutcome outcome) => Links.LeaveEnded(outcome);

    IDisposable IClientOutput.StartTimer(TimeSpan due, Action elapsed) => new TurnTimer(Turns, Options.TimeProvider, due, elapsed);

    void IClientOutput.ProtocolViolated(string what) => Log.ProtocolViolated(Logger, what);

    void IClientOutput.PayloadRefused(string messageType, Exception error) => Log.PayloadRefused(Logger, messageType, error);

    void IClientOutput.ListenerFailed(string eventName, Exception error) => Log.ListenerFailed(Logger, eventName, error);

    private void Stop(ConnectionLoop loop)
    {
        if (loop.Ended.IsCompleted || Client.Status == ClientStatus.Disconnected)
            return;
        Session.Closing();
        loop.Stop();
    }

    /// <summary>Starts something in a turn; what it throws is how the task ends.</summary>
    private Task InTurn(Action<Completion> start, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var completion = new Completion();
        Turns.Run(() =>
        {
            try
            {
                start(completion);
            }
            catch (Exception error)
            {
                completion.Fail(error);
            }
        });
        return completion.Task;
    }
}
