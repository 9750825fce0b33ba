// A server or a number of clients as a process of their own, for tests that kill it, stop it, or measure it.
using Krmx.FaultPeer;

switch (args)
{
    case ["server", var port, var maxQueuedBytes, var pingMilliseconds]:
        await ServerPeer.RunAsync(int.Parse(port), int.Parse(maxQueuedBytes), TimeSpan.FromMilliseconds(int.Parse(pingMilliseconds)));
        return 0;
    case ["defaults", var port]:
        await DefaultPeer.RunAsync(int.Parse(port));
        return 0;
    case ["durable", var port, "sqlite" or "postgresql", var connection]:
        await DurablePeer.RunAsync(int.Parse(port), args[2], connection);
        return 0;
    case ["clients", var uri, var prefix, var count]:
        await ClientPeer.RunAsync(new Uri(uri), prefix, int.Parse(count));
        return 0;
    default:
        Console.Error.WriteLine(
            "usage: Krmx.FaultPeer server PORT MAX-QUEUED-BYTES PING-MILLISECONDS | defaults PORT | durable PORT sqlite|postgresql CONNECTION-STRING | " +
            "clients URI PREFIX COUNT");
        return 2;
}
