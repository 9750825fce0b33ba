using System.Net;
using System.Net.Sockets;
using Krmx.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krmx;

/// <summary>A Krmx server for programs that are no web applications: one room on a port of its own, at one path.</summary>
/// <remarks>It may listen again after it closed, with a new room; closing one that does not listen does nothing.</remarks>
public sealed class KrmxServer : IAsyncDisposable
{
    private readonly Action<KrmxRoom> _configure;
    private readonly Action<KrmxOptions>? _options;
    private readonly ILoggerFactory? _loggers;

    // Listening and closing wait for each other.
    private readonly SemaphoreSlim _gate = new(1);
    private WebApplication? _app;
    private KrmxRoom? _room;

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="configure">Sets up the room, its listeners above all.</param>
    /// <param name="options">Sets options.</param>
    /// <param name="loggers">Where logs go; what it throws is ignored. Default: warnings and errors, to the console.</param>
    public KrmxServer(Action<KrmxRoom> configure, Action<KrmxOptions>? options = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configure = configure;
        _options = options;
        _loggers = loggers;
    }

    /// <summary>The path of the room; all others are answered with 404. Default: <c>/</c>.</summary>
    /// <exception cref="ArgumentException">It is no path of a single room: it must begin with a slash, and have no braces, query or fragment.</exception>
    public string Path
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!value.StartsWith('/') || value.AsSpan().ContainsAny("{}?#*"))
                throw new ArgumentException($"A path such as /game is needed, not '{value}'.", nameof(value));
            field = value;
        }
    } = "/";

    /// <summary>The room.</summary>
    /// <exception cref="InvalidOperationException">The server does not listen.</exception>
    public KrmxRoom Room => _room ?? throw new InvalidOperationException("The server does not listen yet: call ListenAsync first.");

    /// <summary>Listens on a port, of every address of this machine.</summary>
    /// <param name="port">The port; 0 takes any that is free.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The port.</returns>
    /// <exception cref="KrmxException">The port is taken or not allowed; it may be tried again. Or the server listens already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not between 0 and 65535.</exception>
    public async Task<int> ListenAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, IPEndPoint.MinPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await StartAsync(port, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the server: users leave, connections close with 1001 in bounded time, the port is free again.</summary>
    /// <returns>Completes when it is closed, at once where it does not listen.</returns>
    public async Task CloseAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_app is not null)
                await StopAsync(_app).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private static string Cause(Exception error) => error.InnerException is AddressInUseException ? "it is already in use" : error.Message;

    private async Task<int> StartAsync(int port, CancellationToken cancellationToken)
    {
        if (_app is not null)
            throw new KrmxException("cannot listen: the server listens already");

        WebApplication app = Build(port);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            _room = null;
            if (error is IOException or SocketException)
                throw new KrmxException($"cannot listen on port {port}: {Cause(error)}", error);
            throw;
        }
        _app = app;
        return app.Services.GetRequiredService<KrmxEndpoints>().Port;
    }

    private async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.Services.GetRequiredService<KrmxEndpoints>().CloseAsync(CloseCode.GoingAway, default).ConfigureAwait(false);
            await app.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            await app.DisposeAsync().ConfigureAwait(false);
            _app = null;
            _room = null;
        }
    }

    private WebApplication Build(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddKrmx();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port));
        builder.Logging.ClearProviders();
        if (_loggers is null)
            builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        else
            builder.Services.AddSingleton(_loggers);

        // Ctrl-C belongs to the program, which closes the server when it likes.
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, NoLifetime>();
        WebApplication app = builder.Build();
        app.MapKrmx(Path, room =>
        {
            _room = room;
            _configure(room);
        }, _options);
        return app;
    }

    private sealed class NoLifetime : Microsoft.Extensions.Hosting.IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
