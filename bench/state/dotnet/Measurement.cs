using System.Diagnostics;

namespace Krmx.StateBench;

/// <param name="Digest">What all users saw after the first dispatches.</param>
/// <param name="DispatchesPerSecond">How fast it went.</param>
/// <param name="FramesPerDispatch">Frames, each counted once for each user it goes to.</param>
/// <param name="BytesPerDispatch">Their bytes.</param>
/// <param name="AllocatedPerDispatch">Bytes that were allocated.</param>
internal sealed record Measurement(
    string Digest, double DispatchesPerSecond, double FramesPerDispatch, double BytesPerDispatch, double AllocatedPerDispatch)
{
    private const int VerifiedDispatches = 16;

    public static Measurement Take(Room room, TimeSpan duration)
    {
        for (int i = 0; i < VerifiedDispatches; i++)
            room.Dispatch();
        string digest = room.Seats.Digest();
        room.Output.Recipient = null;

        Repeat(room, duration / 2); // to warm up
        long frames = room.Output.Frames;
        long bytes = room.Output.Bytes;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        (int count, TimeSpan time) = Repeat(room, duration);
        return new Measurement(
            digest,
            count / time.TotalSeconds,
            (double)(room.Output.Frames - frames) / count,
            (double)(room.Output.Bytes - bytes) / count,
            (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / count);
    }

    private static (int Count, TimeSpan Time) Repeat(Room room, TimeSpan duration)
    {
        long began = Stopwatch.GetTimestamp();
        int count = 0;
        TimeSpan time;
        do
        {
            room.Dispatch();
            count++;
            time = Stopwatch.GetElapsedTime(began);
        }
        while (time < duration);
        return (count, time);
    }
}
