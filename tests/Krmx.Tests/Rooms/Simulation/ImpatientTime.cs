using Microsoft.Extensions.Time.Testing;

namespace Krmx.Tests.Rooms.Simulation;

/// <summary>A clock that does not let itself be asked for ever within one step: what tries again and again asks each time.</summary>
internal sealed class ImpatientTime : FakeTimeProvider
{
    private const int Enough = 10_000;

    private int _asked;

    /// <summary>Another step begins.</summary>
    public void Step() => _asked = 0;

    public override long GetTimestamp() =>
        ++_asked < Enough ? base.GetTimestamp() : throw new InvalidOperationException("It does not come to rest.");
}
