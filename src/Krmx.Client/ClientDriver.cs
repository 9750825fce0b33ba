using Krmx.Client;
using Krmx.Execution;
using Krmx.Links;
using Krmx.Transport;
using Microsoft.Extensions.Logging;

namespace Krmx;

/// <summary>What drives the client's core: it feeds it from sockets, clocks and calls, and does to the world what the core says.</summary>
internal sealed class ClientDriver : IClientOutput
{
    private readonly Queue<Completion> _waiting = new();
    private readonly string? _sessionKey;
    private KrmxClientCore? _client;
    private Completion? _sending;
    private bool _isDisposed;

    /// <param name="options">The client's options; valid ones.</param>
    /// <param name="dial">What opens connections.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public ClientDriver(KrmxClientOptions options, Dialer dial)
    {
        string problems = string.Join(" ", options.Validate());
        if (problems.Length > 0)
            throw new ArgumentException(problems, nameof(options));
        Options = new KrmxClientOptions(options);
        Dial = dial;
        Logger = new SafeLogger(options.LoggerFactory.CreateLogger("Krmx.Client"));
        Executor = new SerialExecutor(SynchronizationContext.Current, error => Log.WorkFailed(Logger, error));
        Random = options.Reconnect.Random ?? new Random();
        Links = new LinkKeeper(this);
        _sessionKey = options.Reconnect is { Enabled: true, Resumes: true } ? SessionKeys.Create() : null;
    }

    public KrmxClientOptions Options { get; }

    public Dialer Dial { get; }

    public ILogger Logger { get; }

    public SerialExecutor Executor { get; }

    public Random Random { get; }

    public LinkKeeper Links { get; }

    public KrmxClientCore Client => _client!;

    public IClientInput Core => _client!;

    public ConnectionLoop? Loop { get; private set; }

    public KrmxClose? LastClose { get; set; }

    public void Attach(KrmxClientCore client) => _client = client;

    public Task ConnectAsync(Uri uri, CancellationToken cancellationToken) => OnExecutor(completion =>
    {
        ObjectDisposedException.ThrowIf(_isDisposed, Client);
        Demand(ClientStatus.Disconnected, "connect");
        var loop = new ConnectionLoop(this, uri);
        Loop = loop;
        completion.CancelBy(() => Executor.Post(() => Stop(loop)), cancellationToken);
        Go(loop.RunAsync(completion));
    }, cancellationToken);

    public Task LinkAsync(WantedLink link, CancellationToken cancellationToken) =>
        OnExecutor(completion => Go(Links.LinkAsync(link, completion, cancellationToken)), cancellationToken);

    public Task UnlinkAsync(CancellationToken cancellationToken) => OnExecutor(completion =>
    {
        completion.CancelBy(static () => { }, cancellationToken);
        Go(Links.UnlinkAsync(completion));
    }, cancellationToken);

    public Task LeaveAsync(CancellationToken cancellationToken) => OnExecutor(completion =>
    {
        completion.CancelBy(static () => { }, cancellationToken);
        Go(Links.LeaveAsync(completion));
    }, cancellationToken);

    public Task SendAsync(KrmxMessage message) => OnExecutor(completion =>
    {
        bool isKept = Client.HasSession;
        _sending = isKept ? new Completion() : completion;
        try
        {
            Core.Send(message);
        }
        finally
        {
            _sending = null;
        }
        if (isKept)
            SucceedWhenThereIsRoom(completion);
    });

    public Task SendVolatileAsync(KrmxMessage message) => OnExecutor(completion =>
    {
        Core.SendVolatile(message);
        completion.Succeed();
    });

    public Task DisconnectAsync(CancellationToken cancellationToken) => OnExecutor(completion =>
    {
        if (Loop is not ConnectionLoop loop || Client.Status == ClientStatus.Disconnected)
        {
            completion.Succeed();
            return;
        }
        Stop(loop);
        completion.CancelBy(() => Executor.Post(() => loop.Abort(new OperationCanceledException(cancellationToken))), cancellationToken);
        loop.Ended.ContinueWith(
            _ => completion.Succeed(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }, cancellationToken);

    public Task DisposeAsync()
    {
        Executor.Run(() => _isDisposed = true);
        return DisconnectAsync(CancellationToken.None);
    }

    public void Demand(ClientStatus status, string what)
    {
        if (Client.Status != status)
            throw new KrmxException($"cannot {what}: the client is {Client.Status.ToString().ToLowerInvariant()}");
    }

    /// <summary>The failure of something that the end of the connection ended.</summary>
    public KrmxDisconnectedException Lost(string what) => KrmxDisconnectedException.Of(what, LastClose);

    /// <summary>Logs what an asynchronous listener throws.</summary>
    public void Watch(Task listening) => listening.OnFailure(error => Log.ListenerFailed(Logger, "message", error));

    /// <summary>Lets something go on by itself.</summary>
    public void Go(Task running) => running.OnFailure(error => Log.WorkFailed(Logger, error));

    bool IClientOutput.IsCongested =>
        Loop?.Transport?.QueuedBytes >= Options.Limits.MaxQueuedBytes || Client.UnconfirmedBytes >= Options.Limits.MaxQueuedBytes;

    bool IClientOutput.IsBehind => Loop?.Transport?.QueuedBytes > 0;

    string? IClientOutput.SessionKey => _sessionKey;

    void IClientOutput.Confirmed()
    {
        while (_waiting.Count > 0 && HasRoom)
            _waiting.Dequeue().Succeed();
    }

    void IClientOutput.Send(ReadOnlyMemory<byte> frame) => Loop!.Transport!.Send(frame, _sending ?? new Completion());

    void IClientOutput.LinkChanged(LinkChange change) => Links.LinkChanged(change);

    void IClientOutput.RequestEnded(ClientRequest request, RequestOutcome outcome) => Links.RequestEnded(outcome);

    IDisposable IClientOutput.StartTimer(TimeSpan due, Action elapsed) => new SerialTimer(Executor, Options.TimeProvider, due, elapsed);

    void IClientOutput.ProtocolViolated(string what) => Log.ProtocolViolated(Logger, what);

    void IClientOutput.PayloadRefused(string messageType, Exception error) => Log.PayloadRefused(Logger, messageType, error);

    void IClientOutput.ListenerFailed(string eventName, Exception error) => Log.ListenerFailed(Logger, eventName, error);

    private bool HasRoom => Client.UnconfirmedBytes <= Options.Limits.MaxQueuedBytes / 2;

    /// <summary>
    /// A message that is kept until the server has it is on its way; but who awaits every message shall go no faster than the server.
    /// </summary>
    private void SucceedWhenThereIsRoom(Completion completion)
    {
        if (HasRoom)
            completion.Succeed();
        else
            _waiting.Enqueue(completion);
    }

    private void Stop(ConnectionLoop loop)
    {
        if (loop.Ended.IsCompleted || Client.Status == ClientStatus.Disconnected)
            return;
        if (Client.Status != ClientStatus.Closing)
            Core.Closing();
        loop.Stop();
    }

    /// <summary>Starts something on the executor; what it throws is how the task ends.</summary>
    private Task OnExecutor(Action<Completion> start, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var completion = new Completion();
        Executor.Run(() =>
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
