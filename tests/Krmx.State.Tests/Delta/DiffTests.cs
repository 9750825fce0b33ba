using static Krmx.State.Tests.Trees;

namespace Krmx.State.Tests.Delta;

public class DiffTests
{
    [Theory]
    // Objects.
    [InlineData("{'a':1,'b':2,'c':{'d':3}}", "{'b':3,'c':{'d':3},'e':4}", "{'a':[1,0,0],'b':[2,3],'e':[4]}")]
    [InlineData("{'a':{'b':{'c':1,'d':2}}}", "{'a':{'b':{'c':5,'d':2}}}", "{'a':{'b':{'c':[1,5]}}}")]
    [InlineData("{'a':null,'b':{}}", "{'a':{},'b':null}", "{'a':[null,{}],'b':[{},null]}")]
    [InlineData("{'a':'text','b':[]}", "{'a':['text'],'b':{}}", "{'a':['text',['text']],'b':[[],{}]}")]
    [InlineData("{'0':1,'_0':2,'':3}", "{'0':2,'_0':2}", "{'0':[1,2],'':[3,0,0]}")]
    // The whole value.
    [InlineData("1", "'1'", "[1,'1']")]
    [InlineData("[]", "{}", "[[],{}]")]
    // Digits count.
    [InlineData(
        "{'a':1,'b':12345678901234567890}",
        "{'a':1.0,'b':12345678901234567891}",
        "{'a':[1,1.0],'b':[12345678901234567890,12345678901234567891]}")]
    // What is not worth a nested delta.
    [InlineData("{'a':{'x':1}}", "{'a':{'y':2}}", "{'a':[{'x':1},{'y':2}]}")]
    // What jsondiffpatch would take for something else.
    [InlineData(
        "{'a':{'_t':1,'b':'long enough to be worth it'}}",
        "{'a':{'_t':2,'b':'long enough to be worth it'}}",
        "{'a':[{'_t':1,'b':'long enough to be worth it'},{'_t':2,'b':'long enough to be worth it'}]}")]
    [InlineData(
        "{'a':{'b':'long enough to be worth it'}}",
        "{'a':{'b':'long enough to be worth it','__proto__':{}}}",
        "{'a':[{'b':'long enough to be worth it'},{'b':'long enough to be worth it','__proto__':{}}]}")]
    [InlineData("{'a':{'_t':1,'b':'long enough'}}", "{'a':{'_t':1,'b':'short'}}", "{'a':{'b':['long enough','short']}}")]
    public void Values_HaveADelta(string before, string after, string delta) => AssertDelta(before, after, delta);

    [Theory]
    [InlineData("[1,2,3]", "[0,1,2,3]", "{'_t':'a','0':[0]}")]
    [InlineData("[1,2,3]", "[1,2,3,4]", "{'_t':'a','3':[4]}")]
    [InlineData(
        "['number one','two','three','number four']",
        "['number one','number four']",
        "{'_t':'a','_1':['two',0,0],'_2':['three',0,0]}")]
    [InlineData("['one','two','three']", "['one','2','three']", "{'_t':'a','1':['two','2']}")]
    [InlineData("['a','b','c','d','e','f']", "['b','c','d','e','f','a']", "{'_t':'a','_0':['',5,3]}")]
    [InlineData(
        "['ace','king','queen','jack']",
        "['ten','king','ace','jack','queen']",
        "{'_t':'a','0':['ten'],'_0':['',2,3],'_2':['',4,3]}")]
    [InlineData("[[1,2,3],[41,52,63,74,85,96],[7,8,9]]", "[[1,2,3],[41,0,63,74,85,96],[7,8,9]]", "{'_t':'a','1':{'_t':'a','1':[52,0]}}")]
    [InlineData("[{'a':1,'b':'unchanged'},{'a':2}]", "[{'a':5,'b':'unchanged'},{'a':2}]", "{'_t':'a','0':{'a':[1,5]}}")]
    public void Arrays_HaveADelta(string before, string after, string delta) => AssertDelta(before, after, delta);

    [Theory]
    // Inserted at the front: nobody else is rewritten.
    [InlineData(
        "[{'id':1,'n':'a'},{'id':2,'n':'b'}]",
        "[{'id':0,'n':'z'},{'id':1,'n':'a'},{'id':2,'n':'b'}]",
        "{'_t':'a','0':[{'id':0,'n':'z'}]}")]
    // Inserted, and one changed behind it.
    [InlineData(
        "[{'id':1,'n':'a'},{'id':2,'n':'b'}]",
        "[{'id':0},{'id':1,'n':'a'},{'id':2,'n':'c'}]",
        "{'_t':'a','0':[{'id':0}],'2':{'n':['b','c']}}")]
    // Moved, and changed on the way.
    [InlineData(
        "[{'id':'x','n':1},{'id':'y'},{'id':'z'}]",
        "[{'id':'y'},{'id':'z'},{'id':'x','n':2}]",
        "{'_t':'a','_0':['',2,3],'2':{'n':[1,2]}}")]
    // Another one in the same place.
    [InlineData("[{'id':1,'n':'a'},{'id':2}]", "[{'id':7,'m':'b'},{'id':2}]", "{'_t':'a','0':[{'id':1,'n':'a'},{'id':7,'m':'b'}]}")]
    public void Items_WithAnId_AreRecognised(string before, string after, string delta) => AssertDelta(before, after, delta);

    [Fact]
    public void Items_AreRecognisedByAnotherKey()
    {
        var options = new JsonDeltaOptions { KeyOf = item => item["seat"]?.Text };
        JsonTree before = Parse("[{'seat':1,'chips':100,'name':'ann'},{'seat':2,'chips':100,'name':'bob'}]");
        JsonTree after = Parse("[{'seat':2,'chips':90,'name':'bob'},{'seat':1,'chips':110,'name':'ann'}]");
        JsonTree delta = JsonDelta.Diff(before, after, options)!;
        Assert.Equal(Parse("{'_t':'a','0':{'chips':[100,90]},'_0':['',1,3],'1':{'chips':[100,110]}}"), delta);
        Assert.Equal(after, JsonDelta.Apply(before, delta));
    }

    [Fact]
    public void OldValues_CanBeLeftOut()
    {
        var options = new JsonDeltaOptions { OmitsOldValues = true };
        JsonTree before = Parse("{'a':1,'b':'gone','c':['gone','these are','all','kept','as they','were']}");
        JsonTree after = Parse("{'a':2,'c':['these are','all','kept','as they','were']}");
        JsonTree delta = JsonDelta.Diff(before, after, options)!;
        Assert.Equal(Parse("{'a':[0,2],'b':[0,0,0],'c':{'_t':'a','_0':[0,0,0]}}"), delta);
        Assert.Equal(after, JsonDelta.Apply(before, delta));
    }

    [Fact]
    public void EqualValues_HaveNone()
    {
        JsonTree value = Parse("{'a':[1,{'b':null}],'c':'d'}");
        Assert.Null(JsonDelta.Diff(value, value));
        Assert.Null(JsonDelta.Diff(value, Parse("{'c':'d','a':[1,{'b':null}]}")));
    }

    /// <summary>What neither moves nor changes is as much as there can be, as the textbook's table finds it.</summary>
    [Fact]
    public void Arrays_KeepTheLongestCommonSubsequence()
    {
        var random = new Random(11);
        JsonTree longItem = JsonTree.Of(new string('x', 1_000));
        for (int round = 0; round < 5_000; round++)
        {
            int kinds = random.Next(1, 12);
            int[] before = [.. Enumerable.Range(0, random.Next(1, 16)).Select(_ => random.Next(kinds))];
            int[] after = [.. Enumerable.Range(0, random.Next(1, 16)).Select(_ => random.Next(kinds))];
            // With an item so long that writing the array anew never pays.
            JsonTree Array(int[] numbers) => JsonTree.ArrayOf([longItem, .. numbers.Select(number => JsonTree.Of(number))]);
            JsonTree? delta = JsonDelta.Diff(Array(before), Array(after));
            int changed = delta?.Members.Count(member => member.Key[0] == '_' && member.Key != "_t") ?? 0;
            int inPlace = delta?.Members.Count(member => member.Value.Items.Length == 2) ?? 0;
            Assert.True(
                LongestCommonSubsequence(before, after) == before.Length - changed - inPlace,
                $"{string.Join(' ', before)} -> {string.Join(' ', after)}: {delta}");
        }
    }

    [Fact, FullRunOnly]
    public void LongArrays_OfFewValues_ComeOutRight()
    {
        var random = new Random(12);
        for (int round = 0; round < 20; round++)
        {
            JsonTree[] before = [.. Enumerable.Range(0, 5_000).Select(_ => JsonTree.Of(random.Next(round + 1)))];
            IEnumerable<JsonTree> left = before.Where(_ => random.Next(20) > 0);
            JsonTree[] after = [.. left.SelectMany(item => random.Next(20) > 0 ? [item] : (JsonTree[])[item, JsonTree.Of(0)])];
            JsonTree old = JsonTree.ArrayOf(before);
            JsonTree now = JsonTree.ArrayOf(round % 2 == 0 ? after : after.Reverse());
            Assert.Equal(now, JsonDelta.Apply(old, JsonDelta.Diff(old, now)!));
        }
    }

    [Fact]
    public void DeepestValues_HaveADelta()
    {
        JsonTree before = Parse(new string('[', JsonTree.MaxDepth) + "1" + new string(']', JsonTree.MaxDepth));
        JsonTree after = Parse(new string('[', JsonTree.MaxDepth) + "2" + new string(']', JsonTree.MaxDepth));
        Assert.Equal(after, JsonDelta.Apply(before, JsonDelta.Diff(before, after)!));
        Assert.Equal(JsonTree.Null, JsonDelta.Apply(before, JsonDelta.Diff(before, JsonTree.Null)!));
    }

    private static void AssertDelta(string before, string after, string delta)
    {
        Assert.Equal(Parse(delta), JsonDelta.Diff(Parse(before), Parse(after)));
        Assert.Equal(Parse(after), JsonDelta.Apply(Parse(before), Parse(delta)));
    }

    private static int LongestCommonSubsequence(int[] a, int[] b)
    {
        int[,] lengths = new int[a.Length + 1, b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
                lengths[i, j] = a[i - 1] == b[j - 1] ? lengths[i - 1, j - 1] + 1 : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
        }
        return lengths[a.Length, b.Length];
    }
}
