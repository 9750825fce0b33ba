using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Krmx.Tests.Client;

public sealed class ClientListenerTests
{
    [Fact]
    public async Task AsyncListeners_AreCalledWithTheMessageAndItsPayload()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        var heard = new ConcurrentQueue<string>();
        harness.Client.OnMessage(async message =>
        {
            await Task.Yield();
            heard.Enqueue($"any {message.Type}");
        });
        harness.Client.OnMessage("n", async message =>
        {
            await Task.Yield();
            heard.Enqueue($"raw {message.Type}");
        });
        harness.Client.OnMessage<int>("n", async number =>
        {
            await Task.Yield();
            heard.Enqueue($"typed {number}");
        });
        harness.Client.OnMessage("last", _ => heard.Enqueue("last"));
        socket.Deliver("""{"type":"n","payload":7}""");
        await harness.HeardAsync("""message {"type":"n","payload":7}""");
        await Patience.Until(() => heard.Count == 3, "three were heard");
        Assert.Equal(["any n", "raw n", "typed 7"], heard);
    }

    [Fact]
    public async Task Listeners_ThatThrowAreLoggedAndNothingElse()
    {
        var log = new RecordingLogger();
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(options => options.LoggerFactory = log);
        harness.Client.OnMessage("n", _ => throw new InvalidOperationException("sync"));
        harness.Client.OnMessage("n", async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("async");
        });
        harness.Client.OnJoin(async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("void");
        });
        harness.Client.OnMessage<int>("typed", _ => { });
        socket.Deliver("""{"type":"n"}""");
        socket.DeliverOf("krmx/joined", "amy");
        socket.Deliver("""{"type":"typed"}""");
        socket.DeliverOf("krmx/linked", "stranger");
        await Patience.Until(() => log.Lines.Count >= 6, "six lines were logged");
        Assert.Equal(
            ["1", "10 sync", "10 async", "11 void", "9 The message 'typed' has no payload.", "8"],
            log.Lines.OrderBy(line => line switch { "1" => 0, "10 sync" => 1, "10 async" => 2, "11 void" => 3, "8" => 5, _ => 4 }));
        Assert.Equal(ClientStatus.Linked, harness.Client.Status);
    }

    [Fact]
    public async Task CallsInsideAListener_TakeEffectAtOnce()
    {
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync();
        var status = new TaskCompletionSource<ClientStatus>();
        harness.Client.OnMessage("n", _ =>
        {
            harness.Client.UnlinkAsync().Ignore();
            status.SetResult(harness.Client.Status);
        });
        socket.Deliver("""{"type":"n"}""");
        Assert.Equal(ClientStatus.Unlinking, await status.Task);
    }

    [Fact]
    public async Task Listeners_AreCalledOnTheContextTheClientWasMadeOn()
    {
        using var ui = new UiThread();
        KrmxClient client = await ui.RunAsync(() => new KrmxClient(null, (_, _, _) => throw new InvalidOperationException("down")));
        var threads = new ConcurrentQueue<int>();
        client.OnStatus(_ => threads.Enqueue(Environment.CurrentManagedThreadId));
        await ClientHarness.FailsAsync<KrmxDisconnectedException>(client.ConnectAsync(ClientHarness.Server));
        Assert.Equal([ui.ThreadId, ui.ThreadId], threads);
        await client.DisposeAsync();
    }

    [Fact]
    public void Options_ThatAreOutOfRangeAreNamed()
    {
        KrmxClientOptions[] wrong =
        [
            new() { Limits = { MaxMessageBytes = 0 } }, new() { Limits = { MaxQueuedBytes = 0 } }, new() { Limits = { MaxJsonDepth = 0 } },
            new() { Timeouts = { Connect = default } }, new() { Timeouts = { Request = TimeSpan.FromDays(2) } },
            new() { Timeouts = { Close = TimeSpan.FromTicks(-1) } }, new() { KeepAlive = { Interval = TimeSpan.FromMilliseconds(1) } },
            new() { KeepAlive = { Timeout = default } }, new() { Json = null! }, new() { LoggerFactory = null! },
            new() { TimeProvider = null! }, new() { Reconnect = null! }, new() { Limits = null! },
        ];
        string[] names =
        [
            "Limits.MaxMessageBytes", "Limits.MaxQueuedBytes", "Limits.MaxJsonDepth", "Timeouts.Connect", "Timeouts.Request",
            "Timeouts.Close", "KeepAlive.Interval", "KeepAlive.Timeout", "Json", "LoggerFactory", "TimeProvider", "Reconnect", "Limits",
        ];
        foreach ((KrmxClientOptions options, string name) in wrong.Zip(names))
        {
            Assert.StartsWith(name, Assert.Single(options.Validate()), StringComparison.Ordinal);
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => new KrmxClient(options)).Message, StringComparison.Ordinal);
        }
        ReconnectOptions[] wrongPolicies =
        [
            new() { MinDelay = default }, new() { MaxDelay = TimeSpan.FromMilliseconds(999) }, new() { Factor = double.NaN },
            new() { Factor = 0.9 }, new() { MaxAttempts = 0 }, new() { RelinkTimeout = TimeSpan.FromTicks(-1) },
        ];
        foreach ((ReconnectOptions policy, string name) in wrongPolicies.Zip(
            ["MinDelay", "MaxDelay", "Factor", "Factor", "MaxAttempts", "RelinkTimeout"]))
        {
            string problem = Assert.Single(new KrmxClientOptions { Reconnect = policy }.Validate());
            Assert.StartsWith($"Reconnect.{name} must", problem, StringComparison.Ordinal);
        }
        Assert.Empty(new KrmxClientOptions().Validate());
    }

    [Fact]
    public async Task Options_ThatAreSetLaterAreOfNoEffect()
    {
        KrmxClientOptions? given = null;
        (ClientHarness harness, FakeSocket socket) = await ClientHarness.LinkedAsync(options => given = options);
        given!.Limits.MaxQueuedBytes = 1;
        given.Limits = null!;
        socket.WriteGate = new TaskCompletionSource().Task;
        Task first = harness.Client.SendAsync("first");
        Task second = harness.Client.SendAsync("second");
        Assert.False(first.IsFaulted || second.IsFaulted);
    }

    private sealed class RecordingLogger : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(exception is null ? $"{eventId.Id}" : $"{eventId.Id} {exception.Message}");

        public void Dispose()
        {
        }
    }

    /// <summary>A thread with a message loop, as a user interface has.</summary>
    private sealed class UiThread : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<Action> _posted = [];

        public UiThread()
        {
            var thread = new Thread(() =>
            {
                SetSynchronizationContext(this);
                foreach (Action action in _posted.GetConsumingEnumerable())
                    action();
            })
            { IsBackground = true };
            thread.Start();
            ThreadId = thread.ManagedThreadId;
        }

        public int ThreadId { get; }

        public override void Post(SendOrPostCallback d, object? state) => _posted.Add(() => d(state));

        public Task<T> RunAsync<T>(Func<T> make)
        {
            var made = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(_ => made.SetResult(make()), null);
            return made.Task;
        }

        public void Dispose() => _posted.CompleteAdding();
    }
}
