namespace Krmx.Simulation;

// What clients with sessions do. What they say depends on what they were sent, so it is made up when the step is done.
public sealed partial class World
{
    /// <summary>How many clients there are, each with a key of its own that it uses for every user.</summary>
    private const int Clients = 3;

    // Of eight links that are to succeed a few are decided later, refused, or have their user kicked.
    private static readonly int[] Auths = [0, 4, 0, 1, 0, 4, 5, 7];

    // No two clients have an attempt of the same number, so that a session's number says whose it is.
    private readonly int[] _attempts = [.. Enumerable.Range(1, Clients)];

    private void LinkWithSession(in Step step, string name)
    {
        int slot = FreeSlot(step.Connection);
        int client = step.Choice / 4 % Clients;
        int attempt = NextAttempt(client, isStale: step.Choice / 16 % 8 == 7);
        Receive(_slots[slot], Catalogue.LinkWithSession(name, AuthOf(step), new SimResume(Catalogue.Key(client), attempt, null, null)));
    }

    private void Resume(in Step step, string name)
    {
        int slot = FreeSlot(step.Connection);
        int whose = step.Choice / 512 % 8, oddity = step.Choice / 32 % 16;
        ModelSession? session = Pick(_model.Sessions.Where(session => whose < 5 ? session.IsSuspended : whose > 6 || session.Connection is not null), step.Name)
            ?? Pick(_model.Sessions, step.Name);
        int client = session is null ? 0 : (session.Number - 1) % Clients;
        if (oddity == 13)
            client = (client + 1) % Clients;
        int attempt = NextAttempt(client, isStale: oddity == 14);
        int number = oddity == 15 || session is null ? attempt + 1 : session.Number;
        Receive(
            _slots[slot],
            Catalogue.LinkWithSession(
                oddity == 12 || session is null ? name : session.User.Name,
                AuthOf(step),
                new SimResume(Catalogue.Key(client), attempt, number, session is null ? 0 : ReceivedOf(session, step.Choice / 4 % 8, step.Choice / 7))));
    }

    /// <summary>Mostly as much as a client has, that says all that it had.</summary>
    private static int? ReceivedOf(ModelSession session, int choice, int number)
    {
        int delivered = session.Connection is null ? session.Delivered : session.Sent.Count;
        return choice switch
        {
            0 => session.Confirmed,
            1 => session.Confirmed - 1 >= 0 ? session.Confirmed - 1 : null,
            2 => session.Sent.Count,
            3 => session.Sent.Count + 1,
            4 => null,
            5 => session.Confirmed + (number % (session.Sent.Count - session.Confirmed + 1)),
            _ => session.Confirmed + (number % Math.Max(1, delivered - session.Confirmed + 1)),
        };
    }

    private void Ack(in Step step)
    {
        int choice = step.Choice / 4 % 16;
        long connection = choice == 15 ? _slots[step.Connection % _slots.Length] : _slots[SlotWithSession(step.Connection)];
        int? received = 0, sent = 0;
        if (_model.SessionOf(connection) is ModelSession session)
        {
            (received, sent) = (session.Sent.Count, session.Received);
            if (choice < 6)
                received = session.Confirmed + (step.Choice / 7 % (session.Sent.Count - session.Confirmed + 1));
            else if (choice == 11)
                received++;
            else if (choice == 12)
                received = session.Confirmed - 1;
            else if (choice == 13)
                sent += step.Choice / 64 % 2 == 0 ? 1 : -1;
            else if (choice == 14)
                sent = null;
        }
        Receive(connection, Catalogue.Ack(new SimAck(received, sent)));
    }

    /// <summary>As many messages as make the server tell at once that it has them.</summary>
    private void Burst(in Step step)
    {
        long connection = _slots[SlotWithSession(step.Connection)];
        for (int i = 0; i <= step.Choice / 4 % 40; i++)
        {
            Receive(connection, NextMessage());
            _output.EndInput();
        }
    }

    private void LoseWithSession(in Step step) => Lose(
        SlotWithSession(step.Connection),
        (step.Choice / 4 % 16) switch { 0 => UnlinkReason.TooSlow, 1 => UnlinkReason.TimedOut, 2 => UnlinkReason.RateExceeded, _ => UnlinkReason.ConnectionClosed });

    private static int AuthOf(in Step step) => Auths[step.Choice / 4096 % 8] + (step.Choice / 32_768 * Auths.Length);

    private int NextAttempt(int client, bool isStale) => isStale ? _attempts[client] : _attempts[client] += Clients;

    private static ModelSession? Pick(IEnumerable<ModelSession> sessions, int choice)
    {
        ModelSession[] all = [.. sessions];
        return all.Length == 0 ? null : all[choice % all.Length];
    }

    private int SlotWithSession(int from) => Slot(from, slot => _model.SessionOf(_slots[slot]) is not null);

    /// <summary>A slot whose connection is not linked; it is opened where there is none.</summary>
    private int FreeSlot(int from)
    {
        int free = Slot(from, slot => !_model.IsLinked(_slots[slot]));
        if (_slots[free] == 0)
            Open(free);
        return free;
    }

    private int Slot(int from, Predicate<int> isFit)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (isFit((from + i) % _slots.Length))
                return (from + i) % _slots.Length;
        }
        return from % _slots.Length;
    }
}
