using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>A web application with Krmx on a free port; when it ends, no error may be in its logs but those the test expects.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private WebApplication? _app;
    private bool _isStopped;
    private int _requests;

    /// <summary>Sets up the room of <c>/krmx</c>.</summary>
    public Action<KrmxRoom>? Configure { get; init; }

    public Action<KrmxOptions>? Options { get; init; }

    public Action<WebApplicationBuilder>? Build { get; init; }

    /// <summary>Maps something else than one room at <c>/krmx</c>.</summary>
    public Action<WebApplication>? Map { get; set; }

    /// <summary>A clock that stands still until it is advanced; null for the real one.</summary>
    public FakeTimeProvider? Time { get; init; }

    public X509Certificate2? Certificate { get; init; }

    /// <summary>The ids of the errors that Krmx is expected to log.</summary>
    public int[] ExpectedErrors { get; init; } = [];

    public CapturedLogs Logs { get; } = new();

    public EventLog Events { get; } = new();

    public MetricsProbe Metrics { get; private set; } = null!;

    public int Port { get; private set; }

    public KrmxRoom Room { get; private set; } = null!;

    public WebApplication App => _app!;

    /// <summary>How many requests are under way.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Sets what needs the server itself.</summary>
    public TestServer With(Action<TestServer> change)
    {
        change(this);
        return this;
    }

    public async Task<TestServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning).AddProvider(Logs);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, Listen));
        builder.Services.AddKrmx();
        if (Time is not null)
            builder.Services.AddSingleton<TimeProvider>(Time);
        Build?.Invoke(builder);
        _app = builder.Build();
        Metrics = new MetricsProbe(_app.Services.GetRequiredService<IMeterFactory>());
        _app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            Interlocked.Increment(ref _requests);
            try
            {
                await next(context);
            }
            finally
            {
                Interlocked.Decrement(ref _requests);
            }
        });
        if (Map is null)
            _app.MapKrmx("/krmx", SetUp, Options);
        else
            Map(_app);
        await _app.StartAsync().Soon();
        Port = new Uri(_app.Urls.First()).Port;
        return this;
    }

    /// <summary>What every room of the tests does: it writes down its events, and sends an <c>echo</c> back.</summary>
    public void SetUp(KrmxRoom room)
    {
        Room = room;
        Events.Attach(room);
        room.OnMessage("echo", (KrmxUser user, KrmxMessage message) =>
        {
            if (user.IsLinked)
                room.Send(user.Name, message);
        });
        Configure?.Invoke(room);
    }

    public Task<WireClient> ConnectAsync(string target = "/krmx", params string[] headers) =>
        WireClient.ConnectAsync(Port, target, headers, Certificate);

    public Task<WireClient> HandshakeAsync(string target = "/krmx", params string[] headers) =>
        WireClient.HandshakeAsync(Port, target, headers, Certificate);

    public async Task<WireClient> LinkAsync(string username, string target = "/krmx") =>
        await (await ConnectAsync(target)).LinkAsync(username);

    public Task Until(Func<KrmxRoom, bool> condition, string what) => Patience.Until(() => Room.InvokeAsync(() => condition(Room)), what);

    public async Task StopAsync()
    {
        _isStopped = true;
        await _app!.StopAsync().Soon();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null)
            return;
        if (!_isStopped)
            await StopAsync();
        await _app.DisposeAsync().AsTask().Soon();
        Metrics.Dispose();
        Logs.AssertNoErrors(ExpectedErrors);
    }

    private void Listen(ListenOptions listen)
    {
        listen.Protocols = Certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (Certificate is not null)
            listen.UseHttps(Certificate);
    }
}
