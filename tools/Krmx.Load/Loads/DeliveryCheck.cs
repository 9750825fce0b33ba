namespace Krmx.Load.Loads;

/// <summary>Whether every message comes to every client once and, of one sender, in the order in which they were sent.</summary>
/// <remarks>One thread at a time takes, and one for each sender sends.</remarks>
/// <param name="clients">How many clients there are.</param>
/// <param name="senders">How many of them send: the first ones.</param>
internal sealed class DeliveryCheck(int clients, int senders)
{
    private readonly long[] _sent = new long[senders];
    private readonly long[] _last = new long[(long)clients * senders]; // by client, then by sender: the highest number that came
    private readonly List<Gap> _gaps = []; // its own lock

    /// <summary>How many messages were sent.</summary>
    public long Sent => _sent.Sum();

    /// <summary>How many came again to a client, all clients counted.</summary>
    public long Doubled { get; private set; }

    /// <summary>How many came to a client after one that was sent later.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>How many have not come to a client, those that are still under way included.</summary>
    public long Lost
    {
        get
        {
            lock (_gaps)
                return (clients * Sent) - _last.Sum() + _gaps.Sum(gap => gap.To - gap.From + 1);
        }
    }

    public bool IsFlawless => (Lost, Doubled, OutOfOrder) == (0, 0, 0);

    /// <summary>The number of a sender's next message, which is sent now.</summary>
    public long Next(int sender)
    {
        long number = _sent[sender] + 1;
        Volatile.Write(ref _sent[sender], number);
        return number;
    }

    /// <summary>Takes in a message that came to a client.</summary>
    /// <returns>Whether it came for the first time.</returns>
    /// <exception cref="LoadException">It is none of this load's.</exception>
    public bool Take(int client, ReadOnlySpan<byte> marked)
    {
        int sender = Marks.Sender(marked);
        long number = Marks.Number(marked);
        if (sender >= senders || number < 1 || number > Volatile.Read(ref _sent[sender]))
            throw new LoadException("a message came that this load has not sent: nobody else may send meanwhile");
        ref long last = ref _last[(client * (long)senders) + sender];
        if (number <= last)
            return TakeLate(client, sender, number);
        if (number > last + 1)
        {
            lock (_gaps)
                _gaps.Add(new Gap(client, sender, last + 1, number - 1));
        }
        last = number;
        return true;
    }

    private bool TakeLate(int client, int sender, long number)
    {
        lock (_gaps)
        {
            int index = _gaps.FindIndex(gap => gap.Client == client && gap.Sender == sender && gap.From <= number && number <= gap.To);
            if (index < 0)
            {
                Doubled++;
                return false;
            }
            Gap gap = _gaps[index];
            _gaps.RemoveAt(index);
            if (gap.From < number)
                _gaps.Add(gap with { To = number - 1 });
            if (number < gap.To)
                _gaps.Add(gap with { From = number + 1 });
            OutOfOrder++;
            return true;
        }
    }

    /// <summary>Messages of a sender that have not come to a client, but one after them has.</summary>
    private readonly record struct Gap(int Client, int Sender, long From, long To);
}
