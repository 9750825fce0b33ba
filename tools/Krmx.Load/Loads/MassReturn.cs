using System.Diagnostics;
using Krmx.Load.Connections;

namespace Krmx.Load.Loads;

/// <summary>
/// The last of many users lose their connections, miss what one who stays says, and come back at once: with sessions until each has had what it has missed,
/// without until each has been told of all users. It can be done again and again.
/// </summary>
/// <param name="wire">How the clients link.</param>
/// <param name="users">How many there are.</param>
/// <param name="away">How many of them lose their connections.</param>
/// <param name="missed">How many messages of 100 bytes are sent meanwhile.</param>
internal sealed class MassReturn(KrmxWire wire, int users, int away, int missed)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _message = ClientFrame.OfText(wire.Message(Marks.Body(sender: 0, due: 0, number: 0, MessageLength.Body(wire, 100))));
    private readonly int[] _wanted = new int[users]; // by client: how much more it is to be told
    private Amount _amount = static _ => 0;
    private int _waiting;
    private TaskCompletionSource _over = new();
    private long _frames;

    /// <summary>How much of what clients wait for a frame tells.</summary>
    private delegate int Amount(ReadOnlySpan<byte> text);

    public void Handle(LoadClient client, ReadOnlySpan<byte> text)
    {
        _frames++;
        ref int wanted = ref _wanted[client.Number];
        if (wanted <= 0)
            return;
        wanted -= _amount(text);
        if (wanted <= 0 && --_waiting == 0)
            _over.TrySetResult();
    }

    /// <summary>Does it once, all being linked, before and after.</summary>
    /// <param name="fleet">The clients.</param>
    /// <param name="server">The server's process; null where it is not known.</param>
    /// <exception cref="LoadException">A client was refused or lost, or could not go on where it left off.</exception>
    public async Task<MassReturnResult> RunAsync(Fleet fleet, ProcessProbe? server)
    {
        LoadClient speaker = fleet.Clients[0];
        LoadClient[] leaving = [.. fleet.Clients.TakeLast(away)];
        Task heard = Want([speaker], away, static text => text.Count("unlinked\""u8));
        await Task.WhenAll(leaving.Select(client => fleet.CutAsync(client, isReset: true))).ConfigureAwait(false);
        await fleet.WaitAsync(heard).ConfigureAwait(false);

        heard = Want(fleet.Clients.SkipLast(away), missed, static text => text.Count(Marks.Mark));
        for (int i = 0; i < missed; i++)
            speaker.SendMessage(_message);
        await fleet.WaitAsync(heard).ConfigureAwait(false);
        await RestAsync(fleet).ConfigureAwait(false);

        (long frames, double? cpu, long began) = (_frames, server?.CpuSeconds, Stopwatch.GetTimestamp());
        heard = WantPicture(leaving);
        await Parallel.ForEachAsync(leaving, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (client, _) => ReturnAsync(fleet, client)).ConfigureAwait(false);
        await fleet.WaitAsync(heard).ConfigureAwait(false);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        await RestAsync(fleet).ConfigureAwait(false);
        return new MassReturnResult(time, _frames - frames, server?.CpuSeconds - cpu);
    }

    private Task WantPicture(LoadClient[] leaving)
    {
        if (wire.Resumes)
            return Want(leaving, missed, static text => text.Count(Marks.Mark));
        return wire.HasPresence
            ? Want(leaving, 1, static text => text.StartsWith("{\"type\":\"krmx/ready\""u8) ? 1 : 0)
            : Want(leaving, users, static text => text.StartsWith("{\"type\":\"krmx/joined\""u8) ? 1 : 0);
    }

    /// <summary>Completes when each of some clients has been told so much; those before have been.</summary>
    private Task Want(IEnumerable<LoadClient> clients, int much, Amount amount)
    {
        _over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _amount = amount;
        _waiting = clients.Count();
        foreach (LoadClient client in clients)
            Volatile.Write(ref _wanted[client.Number], much);
        return _over.Task;
    }

    private async ValueTask ReturnAsync(Fleet fleet, LoadClient client)
    {
        await fleet.ReturnAsync(client).ConfigureAwait(false);
        if (wire.Resumes && !client.IsRecovered)
            throw new LoadException($"client {client.Number} could not go on where it left off");
    }

    /// <summary>Waits until nobody is told anything any more.</summary>
    private async Task RestAsync(Fleet fleet)
    {
        long frames;
        do
        {
            frames = _frames;
            await fleet.WaitAsync(Task.Delay(Rest)).ConfigureAwait(false);
        }
        while (frames != _frames);
    }
}

/// <summary>What it took until all were back.</summary>
/// <param name="Time">How long it took.</param>
/// <param name="Frames">How many frames all clients were sent by it.</param>
/// <param name="ServerCpuSeconds">What the server used; null where its process is not known.</param>
internal readonly record struct MassReturnResult(TimeSpan Time, long Frames, double? ServerCpuSeconds);
