using System.Diagnostics;
using Krmx.Load.Connections;

namespace Krmx.Load.Loads;

/// <summary>Senders that each have a number of messages under way: the next one goes when one has come back.</summary>
/// <param name="wire">What is spoken.</param>
/// <param name="senders">How many clients send: the first ones.</param>
/// <param name="window">How many messages each of them has under way.</param>
/// <param name="length">How many bytes a message has on the wire, as nearly as the wire allows.</param>
/// <param name="check">Whether each comes once; null where that is not asked.</param>
internal sealed class ClosedLoop(IWire wire, int senders, int window, int length, DeliveryCheck? check = null) : ILoad
{
    private readonly int _bodyLength = MessageLength.Body(wire, length);

    private CancellationToken _stop;

    public Latencies Latencies { get; } = new();

    public Task RunAsync(IReadOnlyList<LoadClient> clients, CancellationToken stop)
    {
        _stop = stop;
        foreach (LoadClient sender in clients.Take(senders))
        {
            for (int i = 0; i < window; i++)
                Send(sender);
        }
        return Task.CompletedTask;
    }

    public void Handle(LoadClient client, ReadOnlySpan<byte> text)
    {
        if (client.Number >= senders && check is null)
        {
            client.Count += text.Count(Marks.Mark);
            return;
        }
        int at;
        while ((at = text.IndexOf(Marks.Mark)) >= 0)
        {
            text = text[at..];
            if (check is null || check.Take(client.Number, text))
                HandleMessage(client, text);
            text = text[1..];
        }
    }

    private void HandleMessage(LoadClient client, ReadOnlySpan<byte> marked)
    {
        client.Count++;
        if (Marks.Sender(marked) != client.Number)
            return;
        Latencies.Record(Stopwatch.GetTimestamp() - Marks.Due(marked));
        if (!_stop.IsCancellationRequested)
            Send(client);
    }

    private void Send(LoadClient client)
    {
        // The first ones go while answers to those before come in on another thread.
        lock (client)
        {
            long number = check?.Next(client.Number) ?? 0;
            client.SendMessage(ClientFrame.OfText(wire.Message(Marks.Body(client.Number, Stopwatch.GetTimestamp(), number, _bodyLength))));
        }
    }
}
