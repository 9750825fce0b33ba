using System.Net;
using System.Text.RegularExpressions;
using Krmx.Conformance.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.Conformance.Targets;

/// <summary>Our server under Kestrel, over real sockets. Its clock stands still, except where pings are the subject.</summary>
internal sealed class KestrelServer : IServerUnderTest
{
    private readonly List<TaskCompletionSource<LinkResult>> _undecided = [];
    private readonly FakeTimeProvider _time = new();
    private readonly ServerSetup _setup;
    private readonly ErrorLog _errors = new();
    private readonly WebApplication _app;
    private KrmxRoom _room = null!;
    private Application _application = null!;
    private Task? _closing;

    private KestrelServer(ServerSetup setup)
    {
        _setup = setup;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders().AddProvider(_errors);
        builder.Services.AddKrmx();
        if (setup.PingInterval is null)
            builder.Services.AddSingleton<TimeProvider>(_time);
        _app = builder.Build();
        _app.MapKrmx(setup.Path, Configure, Configure);
    }

    public ProtocolVersion Version => ProtocolVersion.Current;

    public Uri? Uri { get; private set; }

    public static async Task<IServerUnderTest> StartAsync(ServerSetup setup)
    {
        var server = new KestrelServer(setup);
        await server._app.StartAsync();
        server.Uri = new Uri(server._app.Urls.Single().Replace("http://", "ws://", StringComparison.Ordinal));
        return server;
    }

    public Task<IRawConnection> ConnectAsync(string pathAndQuery) => RawWebSocket.ConnectAsync(new Uri(Uri!, pathAndQuery));

    public Task<string?> CallAsync(AppCall call) => _room.InvokeAsync(() => _application.Call(call));

    public Task<string> UsersAsync() => _room.InvokeAsync(() => _application.Users);

    public Task<IReadOnlyList<string>> EventsAsync() => _room.InvokeAsync<IReadOnlyList<string>>(() => [.. _application.Events]);

    public Task DecideAsync(string? refusal) => _room.InvokeAsync(() =>
    {
        TaskCompletionSource<LinkResult> oldest = _undecided[0];
        _undecided.RemoveAt(0);
        oldest.SetResult(refusal is null ? LinkResult.Accept : LinkResult.Reject(refusal));
    });

    public Task PassTimeAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    public Task<int> UndecidedAsync() => _room.InvokeAsync(() => _undecided.Count);

    public Task BeginCloseAsync()
    {
        _closing = _app.StopAsync();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await (_closing ?? _app.StopAsync());
        await _app.DisposeAsync();
        _errors.DemandNone();
    }

    private void Configure(KrmxOptions options)
    {
        _setup.ToOptions(options);
        foreach ((string parameter, object expectation) in _setup.Query)
            options.Connections.ExpectedQuery[parameter] = Rule(expectation);
        if (_setup.PingInterval is TimeSpan interval)
            (options.Pings.Interval, options.Pings.Timeout) = (interval, interval);
    }

    private void Configure(KrmxRoom room)
    {
        _room = room;
        _application = new Application(room, _setup);
        room.OnAuthenticate(AuthenticateAsync);
    }

    private async ValueTask<LinkResult> AuthenticateAsync(LinkRequest link, CancellationToken cancellation)
    {
        if (link.Auth != "later")
            return Application.Authenticate(link.Auth);
        var decision = new TaskCompletionSource<LinkResult>();
        _undecided.Add(decision);
        try
        {
            return await decision.Task.WaitAsync(cancellation);
        }
        finally
        {
            _undecided.Remove(decision);
        }
    }

    private static QueryRule Rule(object expectation) => expectation switch
    {
        true => QueryRule.Present,
        false => QueryRule.Absent,
        string pattern when pattern.StartsWith('/') => QueryRule.Matching(value => Regex.IsMatch(value, pattern.Trim('/'))),
        string value => QueryRule.EqualTo(value),
        _ => throw new ArgumentOutOfRangeException(nameof(expectation)),
    };
}
