using System.Diagnostics;
using static Krmx.State.Tests.Trees;

namespace Krmx.State.Tests.Delta;

/// <summary>Whatever a delta is, it applies or is refused with one type of exception, and the value stays as it was.</summary>
public class HostileDeltaTests
{
    [Theory]
    // No deltas.
    [InlineData("null", "")]
    [InlineData("1", "")]
    [InlineData("'a'", "")]
    [InlineData("[]", "")]
    [InlineData("[1,2,3]", "")]
    [InlineData("[1,2,'0']", "")]
    [InlineData("[1,2,0,0]", "")]
    [InlineData("['',1,3]", "")]
    [InlineData("{'n':{'x':true}}", "/n")]
    [InlineData("{'n':5}", "/n")]
    [InlineData("{'_t':'b'}", "/_t")]
    // For another value.
    [InlineData("[1,0,0]", "")]
    [InlineData("{'_t':'a'}", "")]
    [InlineData("{'n':[1]}", "/n")]
    [InlineData("{'x':[1,2]}", "/x")]
    [InlineData("{'x':[1,0,0]}", "/x")]
    [InlineData("{'x':{'y':[1]}}", "/x")]
    [InlineData("{'n':{'y':[1]}}", "/n")]
    [InlineData("{'list':{'0':[1]}}", "/list")]
    [InlineData("{'n':{'_t':'a'}}", "/n")]
    [InlineData("{'n':['@@ -1 +1 @@\\n-a\\n+b\\n',0,2]}", "/n")]
    // Arrays.
    [InlineData("{'list':{'_t':'a','x':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_':[1,0,0]}}", "/list")]
    [InlineData("{'list':{'_t':'a','__0':[1,0,0]}}", "/list")]
    [InlineData("{'list':{'_t':'a','-1':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','00':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a',' 1':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','1.0':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','99999999999':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','2147483647':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','4':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','3':[1,2]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_3':[1,0,0]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':[1]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':[1,2]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':[1,0,2]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':{'a':[1]}}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':['','1',3]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':['',-1,3]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':['',1.5,3]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':['',3,3]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':['',1,3],'_1':['',1,3]}}", "/list")]
    [InlineData("{'list':{'_t':'a','_0':['',1,3],'1':[7]}}", "/list")]
    [InlineData("{'list':{'_t':'a','0':[1,0,0]}}", "/list/0")]
    [InlineData("{'list':{'_t':'a','0':null}}", "/list/0")]
    public void Deltas_ThatDoNotFit_AreRefused(string delta, string path)
    {
        JsonTree value = Parse("{'n':1,'list':[1,2,3],'text':'abc'}");
        JsonDeltaException refusal = Assert.Throws<JsonDeltaException>(() => JsonDelta.Apply(value, Parse(delta)));
        Assert.Equal(path, refusal.Path);
        Assert.Equal("{\"n\":1,\"list\":[1,2,3],\"text\":\"abc\"}", value.ToString());
    }

    [Fact, FullRunOnly]
    public void SpoiltDeltas_ApplyOrAreRefused()
    {
        int refused = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            var generator = new TreeGenerator(seed, hazards: true);
            for (int i = 0; i < 200; i++)
            {
                JsonTree before = generator.Root();
                JsonTree delta = JsonDelta.Diff(before, generator.Edited(before)) ?? JsonTree.Null;
                if (i % 4 > 0)
                    delta = generator.Edited(delta);
                refused += Try(i % 4 == 1 ? before : generator.Edited(before), delta) ? 0 : 1;
            }
        }
        Assert.InRange(refused, 10_000, 99_000);
    }

    /// <summary>So many that to copy the text for each of them would take minutes.</summary>
    [Fact]
    public void ManyHunks_DoNotTakeLong()
    {
        JsonTree text = JsonTree.Of(new string('a', 1_000_000));
        string hunks = string.Concat(Enumerable.Range(1, 90_000).Select(i => $"@@ -{i * 10},0 +{i * 10},1 @@\n+b\n"));
        var time = Stopwatch.StartNew();
        Assert.True(Try(text, JsonTree.ArrayOf([JsonTree.Of(hunks), JsonTree.Of(0), JsonTree.Of(2)])));
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(10), time.Elapsed.ToString());
    }

    [Fact]
    public void DeepDeltas_ApplyOrAreRefused()
    {
        string deep = string.Concat(Enumerable.Repeat("{'a':", JsonTree.MaxDepth - 1)) + "[1]" + new string('}', JsonTree.MaxDepth - 1);
        Assert.False(Try(Parse("{'a':{}}"), Parse(deep)));
        string value = string.Concat(Enumerable.Repeat("{'a':", JsonTree.MaxDepth - 2)) + "{}" + new string('}', JsonTree.MaxDepth - 2);
        Assert.True(Try(Parse(value), Parse(deep)));
    }

    /// <summary>Anything but a result or the one exception fails the test.</summary>
    private static bool Try(JsonTree value, JsonTree delta)
    {
        try
        {
            JsonTree result = JsonDelta.Apply(value, delta);
            Assert.Equal(result, JsonTree.Parse(result.ToUtf8(), JsonTree.MaxDepth));
            return true;
        }
        catch (JsonDeltaException)
        {
            return false;
        }
    }
}
