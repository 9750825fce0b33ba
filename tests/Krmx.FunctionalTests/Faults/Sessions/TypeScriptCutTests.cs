using Krmx.FunctionalTests.Client.Harness;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Sessions;

/// <summary>The TypeScript client in Node.js over connections that are cut after every byte of a link, its messages and acks, and of the resume and the replay that follow.</summary>
public class TypeScriptCutTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(SessionCutTests.Cuts), MemberType = typeof(SessionCutTests))]
    public async Task Cut_AfterEveryByte_LosesAndDoublesNothing(bool isToClient, CutManner manner)
    {
        var talks = new TypeScriptTalks();
        await using TestServer server = await new TestServer { Configure = talks.SetUp }.StartAsync();
        await using NpmPeer node = NpmPeer.Start("peers/typescript.mjs");
        await talks.CutAsync(server, command => node.DoAsync("talk", command), isToClient, manner, step: 1);
        output.WriteLine(talks.ToString());
        Assert.True(talks.Runs > 100 && talks.Recovered > talks.Runs / 4, talks.ToString());
    }
}
