using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>Connections that are cut after every byte of a link, its messages and acks, and of the resume and the replay that follow.</summary>
public class SessionCutTests(ITestOutputHelper output)
{
    private const int Messages = 3, AtOnce = 16;
    private const int Handshake = 100; // at least so many bytes come before the first frame, in both directions

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Cut_AfterEveryByte_LosesAndDoublesNothing(bool isToClient, CutManner manner)
    {
        var talks = new Dictionary<string, Talk>();
        await using TestServer server = await new TestServer { Configure = room => Talk.SetUp(room, talks) }.StartAsync();
        int recovered = 0, gaps = 0, runs = 0;

        // Every byte for the one, every second for the others, whose cuts take longer to be noticed.
        int step = AtOnce * (manner == CutManner.Reset ? 1 : 2);
        await Parallel.ForAsync(0, AtOnce, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (worker, _) =>
        {
            await using var proxy = new FaultProxy(new Uri($"ws://127.0.0.1:{server.Port}/krmx"));
            bool isWhole = false; // the cut would come behind all that is said
            for (int cut = Handshake + (worker * step / AtOnce); !isWhole; cut += step)
            {
                var talk = new Talk(server.Room, $"user{cut}");
                lock (talks)
                    talks.Add(talk.Username, talk);
                proxy.Faults = new ProxyFaults { CutAfter = cut, CountsToClient = isToClient, Manner = manner };
                await talk.RunAsync(proxy, Messages);
                Interlocked.Add(ref recovered, talk.Recovered);
                Interlocked.Add(ref gaps, talk.Gaps);
                Interlocked.Increment(ref runs);
                isWhole = !talk.WasCut;
            }
        });
        output.WriteLine(
            $"{runs} cuts of connections {(isToClient ? "to the client" : "to the server")} ({manner}), {step / AtOnce} bytes later each: {recovered} times recovered, {gaps} gaps");
        Assert.True(runs > 100 && recovered > runs / 4, $"{runs} runs, {recovered} times recovered");
        Assert.Equal(0, gaps);
    }

    public static TheoryData<bool, CutManner> Cuts()
    {
        var cuts = new TheoryData<bool, CutManner>();
        foreach (CutManner manner in Enum.GetValues<CutManner>())
        {
            cuts.Add(true, manner);
            cuts.Add(false, manner);
        }
        return cuts;
    }
}
