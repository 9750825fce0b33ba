using Krmx.Connections;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>Peers that say nothing while a picture is on its way to them: a ping behind it they cannot have read.</summary>
public sealed class ConnectionLivenessTests : IDisposable
{
    private const int PingsOfPatience = 4;

    private readonly KrmxOptions _options = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStream _inner = new() { IsStuck = true };
    private readonly ConnectionStream _stream;
    private readonly ConnectionLiveness _liveness;

    public ConnectionLivenessTests()
    {
        _stream = new ConnectionStream(_inner, null, 1024, _time);
        _liveness = new ConnectionLiveness(_stream, _options, _time);
        _stream.Output.AppendPicture(new ReadOnlyMemory<byte>[] { new byte[100 * PictureBacklog.PieceBytes] });
        _stream.Output.Flush();
    }

    [Fact]
    public async Task ReaderWhoTakesAPieceNowAndThen_Stays()
    {
        for (int pieces = 1; pieces <= 20; pieces++)
        {
            await Patience.Until(() => _inner.IsWaiting, "a piece waits");
            Assert.Null(Check(_options.Pings.Interval + _options.Pings.Timeout - TimeSpan.FromSeconds(1)));
            _inner.LetWriteEnd();
        }
    }

    [Fact]
    public void ReaderWhoTakesNothing_IsEnded()
    {
        Assert.Null(Check(_options.Pings.Interval + _options.Pings.Timeout - TimeSpan.FromSeconds(1)));
        Assert.Equal(UnlinkReason.TimedOut, Check(TimeSpan.FromSeconds(2)));
    }

    public void Dispose()
    {
        _stream.Dispose();
        _inner.Dispose();
    }

    /// <summary>Looks after the connection once a second for a time.</summary>
    private UnlinkReason? Check(TimeSpan span)
    {
        UnlinkReason? reason = null;
        for (int second = 0; second < span.TotalSeconds && reason is null; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            reason = _liveness.Check(PingsOfPatience);
        }
        return reason;
    }
}
