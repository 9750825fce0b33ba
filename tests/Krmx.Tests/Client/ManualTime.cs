using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.Tests.Client;

/// <summary>A clock the test moves, once it has seen what the client waits for.</summary>
internal sealed class ManualTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets the next wait of a length that is looked for pass; shorter ones before it have not.</summary>
    public async Task PassAsync(Predicate<TimeSpan> length)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            TimeSpan due = await _timers.Reader.ReadAsync(patience.Token);
            if (!length(due))
                continue;
            Advance(due);
            return;
        }
    }

    public Task PassAsync(double milliseconds) => PassAsync(due => due == TimeSpan.FromMilliseconds(milliseconds));
}
