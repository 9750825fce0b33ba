using Krmx.Protocol;
using Krmx.Rooms;

namespace Krmx.Tests.Rooms;

public class TurnLoopTests
{
    /// <summary>A flush to many connections takes long and blocks nothing; taken for application code it has threads made that only disturb it.</summary>
    [Fact]
    public async Task WhatATurnDid_LeavesOutsideApplicationCode()
    {
        var turns = new RecordedTurns();
        var loop = new TurnLoop(turns, static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false));

        loop.Enqueue(() => turns.WasInsideInInput = PoolThread.Current!.IsInside);

        Assert.False(await turns.WasInsideAtEnd.Task);
        Assert.True(turns.WasInsideInInput);
    }

    private sealed class RecordedTurns : ITurns
    {
        public bool WasInsideInInput { get; set; }

        public TaskCompletionSource<bool> WasInsideAtEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsOutputDue => false;

        public bool IsWaiting => false;

        public void Begin()
        {
        }

        public void Receive(IFrameSource source, in InboundFrame frame)
        {
        }

        public void Failed(Exception error) => WasInsideAtEnd.TrySetException(error);

        public void End() => WasInsideAtEnd.TrySetResult(PoolThread.Current!.IsInside);
    }
}
