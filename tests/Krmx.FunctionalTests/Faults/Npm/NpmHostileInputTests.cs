using System.Text;
using Krmx.FunctionalTests.Corpus;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Npm;

/// <summary>The hostile corpus against the npm server. It authenticates within the turn that reads the request, so no connection is ever pending.</summary>
public class NpmHostileInputTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InvalidMessages_AreRejectedOrUnlink(bool isLinked) =>
        await TryAsync("messages/invalid", isLinked, (_, seen) => seen.Contains(isLinked ? "krmx/unlinked" : "krmx/rejected"), otherwise: isLinked ? 6 : 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LinkRequests_AreRejectedOrUnlink(bool isLinked) =>
        await TryAsync("links", isLinked, (_, seen) => seen.Contains(isLinked ? "krmx/unlinked" : "krmx/rejected"), otherwise: 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StrangeMessages_AreRejectedOrRelayed(bool isLinked) =>
        await TryAsync(
            "messages/valid", isLinked, (name, seen) => isLinked ? seen == HostileCorpus.Echo(name) : seen.Contains("krmx/rejected"), otherwise: isLinked ? 13 : 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BrokenFrames_EndTheProcess(bool isLinked)
    {
        Dictionary<string, byte[]> frames = HostileCorpus.Table("frames.tsv").ToDictionary(row => row.Key, row => Convert.FromHexString(row.Value));
        await JudgeAsync("frames", frames, isLinked, (_, seen) => seen is "" or "closed 1002" or "closed 1007", dying: frames.Count, otherwise: 0);
    }

    private async Task TryAsync(string folder, bool isLinked, Func<string, string, bool> isClean, int otherwise) =>
        await JudgeAsync(folder, HostileCorpus.Names(folder).ToDictionary(name => name, name => FrameOf(folder, name)), isLinked, isClean, dying: 0, otherwise);

    private async Task JudgeAsync(
        string what, Dictionary<string, byte[]> inputs, bool isLinked, Func<string, string, bool> isClean, int dying, int otherwise)
    {
        var dead = new List<string>();
        var other = new List<string>();
        await using var victim = new NpmVictim();
        foreach ((string name, byte[] bytes) in inputs)
        {
            string seen = await victim.TryAsync(bytes, isLinked);
            if (seen == NpmVictim.Died)
                dead.Add(name);
            else if (!isClean(name, seen))
                other.Add($"{name}: {(seen.Length > 200 ? seen[..200] : seen)}");
        }
        output.WriteLine($"npm, {inputs.Count} of {what}, {(isLinked ? "linked" : "unlinked")}: the process ended on {dead.Count} ({string.Join("; ", dead)}); " +
            $"{other.Count} answered otherwise ({string.Join("; ", other)})");
        Assert.Equal(dying, dead.Count);
        Assert.Equal(otherwise, other.Count);
    }

    /// <summary>The frame, with the version that the server serves where it carries ours.</summary>
    private static byte[] FrameOf(string folder, string name)
    {
        WireFrame frame = HostileCorpus.Frame(folder, name);
        string text = Encoding.Latin1.GetString(frame.Payload).Replace("\"0.6.0\"", "\"0.5.5\"");
        return (frame with { Payload = Encoding.Latin1.GetBytes(text) }).ToBytes();
    }
}
