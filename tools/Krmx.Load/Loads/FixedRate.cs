using System.Diagnostics;
using Krmx.Load.Connections;

namespace Krmx.Load.Loads;

/// <summary>Messages sent when they are due, whether or not those before have arrived; latency is counted from when they were due.</summary>
/// <param name="wire">What is spoken.</param>
/// <param name="senders">How many clients send, in turn: the first ones.</param>
/// <param name="perSecond">How many messages are sent in a second, by all together.</param>
/// <param name="length">How many bytes a message has on the wire, as nearly as the wire allows.</param>
/// <param name="check">Whether each comes once; null where that is not asked.</param>
internal sealed class FixedRate(IWire wire, int senders, double perSecond, int length, DeliveryCheck? check = null) : ILoad
{
    public Latencies Latencies { get; } = new();

    /// <summary>Sends until it is stopped, on a thread of its own.</summary>
    public Task RunAsync(IReadOnlyList<LoadClient> clients, CancellationToken stop) =>
        Task.Factory.StartNew(() => Send(clients, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Handle(LoadClient client, ReadOnlySpan<byte> text)
    {
        int at;
        while ((at = text.IndexOf(Marks.Mark)) >= 0)
        {
            text = text[at..];
            if (check is null || check.Take(client.Number, text))
            {
                client.Count++;
                Latencies.Record(Stopwatch.GetTimestamp() - Marks.Due(text));
            }
            text = text[1..];
        }
    }

    private void Send(IReadOnlyList<LoadClient> clients, CancellationToken cancellation)
    {
        double period = Stopwatch.Frequency / perSecond;
        long began = Stopwatch.GetTimestamp();
        int bodyLength = MessageLength.Body(wire, length);
        for (long i = 1; !cancellation.IsCancellationRequested; i++)
        {
            long due = began + (long)(i * period);
            WaitUntil(due);
            LoadClient sender = clients[(int)(i % senders)];
            long number = check?.Next(sender.Number) ?? 0;
            sender.SendMessage(ClientFrame.OfText(wire.Message(Marks.Body(sender.Number, due, number, bodyLength))));
        }
    }

    /// <summary>Sleeps while there is time for it, and lets others run for the rest.</summary>
    private static void WaitUntil(long due)
    {
        while (due - Stopwatch.GetTimestamp() is > 0 and var left)
        {
            if (left > 2 * Stopwatch.Frequency / 1000)
                Thread.Sleep(1);
            else
                Thread.Yield();
        }
    }
}
