namespace Krmx.FunctionalTests.Faults.Proxy;

/// <summary>What may be done to the clients of a proxy, one after the other. The network stays bad until something else is done to it or all is judged.</summary>
internal static class RandomFaults
{
    /// <param name="proxy">The proxy.</param>
    /// <param name="cutting">A network that cuts each connection after some bytes.</param>
    public static Action[] Of(FaultProxy proxy, Func<ProxyFaults> cutting) =>
    [
        () => proxy.Faults = new ProxyFaults { Delay = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(20) },
        () => proxy.Faults = new ProxyFaults { MaxWrite = 1 },
        () => proxy.Faults = cutting(),
        proxy.Heal,
        proxy.StallToClients,
        proxy.StallToServer,
        proxy.CutFromClient, // the server is told nothing
        proxy.CutFromServer, // the clients are told nothing
        proxy.Cut,
    ];
}
