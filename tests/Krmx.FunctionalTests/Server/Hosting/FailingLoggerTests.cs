using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krmx.FunctionalTests.Server.Hosting;

/// <summary>A logger that throws hurts neither rooms nor clients.</summary>
public class FailingLoggerTests
{
    [Fact]
    public async Task Room_GoesOn()
    {
        using var provider = new FailingProvider();
        HttpContext? connection = null;
        await using TestServer server = await new TestServer
        {
            Build = builder => builder.Logging.AddProvider(provider),
            Configure = room =>
            {
                room.OnAuthenticate(link => link.Username == "eve" ? throw new InvalidOperationException("authentication") : LinkResult.Accept);
                room.OnMessage("throw", (KrmxUser _, KrmxMessage _) => throw new InvalidOperationException("listener"));
                room.OnMessage("throw later", async (KrmxUser _, KrmxMessage _) =>
                {
                    await Task.Yield();
                    throw new InvalidOperationException("async listener");
                });
                room.OnMessage<int>("number", (_, _) => { });
            },
            ExpectedErrors = [6, 7, 9],
        }.With(server => server.Map = app =>
        {
            app.Use((HttpContext context, RequestDelegate next) => next(connection = context));
            app.MapKrmx("/krmx", server.SetUp);
        }).StartAsync();
        await using WireClient alice = await server.LinkAsync("alice");
        connection!.Abort();
        await server.Events.WaitFor("unlink alice ConnectionClosed");
        await using WireClient bob = await server.ConnectAsync();
        await bob.AskAsync("eve");
        await bob.ExpectAsync(Texts.Rejected("authentication failed"));
        await bob.SendAsync("no JSON");
        await bob.ExpectAsync(Texts.Rejected("invalid message"));
        await bob.LinkAsync("bob");
        await bob.SendAsync("""{"type":"throw"}""");
        await bob.SendAsync("""{"type":"throw later"}""");
        await bob.SendAsync("""{"type":"number","payload":"none"}""");
        await server.Room.InvokeAsync(() => server.Room.Post(() => throw new InvalidOperationException("posted")));
        await bob.EchoAsync();
        await bob.SendAsync("no JSON");
        await bob.ExpectAsync(Texts.Unlinked("bob"));

        Task stopped = server.StopAsync();
        await bob.ExpectCloseAsync(1012);
        await stopped;

        Assert.True(provider.Failures >= 10, $"{provider.Failures} logs failed");
    }

    [Fact]
    public async Task Client_GoesOn()
    {
        using var provider = new FailingProvider();
        using var loggers = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        await using var host = new KrmxServer(room => room.OnMessage("echo", (user, message) => room.Send(user.Name, message)));
        int port = await host.ListenAsync();
        await using var client = new KrmxClient(Expect.HastyWith(options => options.LoggerFactory = loggers));
        int echoes = 0;
        client.OnMessage("echo", _ =>
        {
            echoes++;
            throw new InvalidOperationException("listener");
        });
        await client.ConnectAsync($"ws://127.0.0.1:{port}/");
        await client.LinkAsync("bob");
        await client.SendAsync("echo");
        await Patience.Until(() => echoes == 1, "the first echo");

        await host.CloseAsync();
        await host.ListenAsync(port);
        await Patience.Until(() => client.Status == ClientStatus.Linked, "linked again");
        await client.SendAsync("echo");
        await Patience.Until(() => echoes == 2, "the second echo");

        Assert.True(provider.Failures >= 5, $"{provider.Failures} logs failed");
    }

    /// <summary>Takes whatever is logged by Krmx, and throws.</summary>
    private sealed class FailingProvider : ILoggerProvider, ILogger
    {
        private int _failures;

        public int Failures => Volatile.Read(ref _failures);

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("Krmx", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _failures);
            throw new IOException("There is no space for logs.");
        }

        public void Dispose()
        {
        }
    }
}
