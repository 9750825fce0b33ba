using static Krmx.State.Tests.Trees;

namespace Krmx.State.Tests.Delta;

public class ApplyTests
{
    [Theory]
    [InlineData("{'a':1}", "['anything',{'b':2}]", "{'b':2}")]
    [InlineData("{'a':1}", "[2]", "2")]
    [InlineData("{'a':1}", "{}", "{'a':1}")]
    [InlineData("{'a':1}", "{'a':['another old value',2]}", "{'a':2}")]
    [InlineData("{'a':1}", "{'a':[1,0,0],'b':[null]}", "{'b':null}")]
    [InlineData("{'_t':1,'b':{'_t':'a'}}", "{'_t':[1,2],'b':{'_t':['a','b']}}", "{'_t':2,'b':{'_t':'b'}}")]
    [InlineData("{'__proto__':{'a':1}}", "{'__proto__':{'a':[1,2]},'constructor':[3]}", "{'__proto__':{'a':2},'constructor':3}")]
    [InlineData("[1,2]", "{'_t':'a'}", "[1,2]")]
    [InlineData("[]", "{'_t':'a','0':[1],'1':[2]}", "[1,2]")]
    [InlineData("['a','b','c','d']", "{'_t':'a','_0':['',3,3],'_2':['c',0,0],'0':['x']}", "['x','b','d','a']")]
    [InlineData("['a','b','c']", "{'_t':'a','_0':['a',2,3],'_2':['c',0,3]}", "['c','b','a']")]
    [InlineData("[{'a':1},{'b':2}]", "{'_t':'a','_0':['',1,3],'1':{'a':[1,2]},'0':[{'b':2},3]}", "[3,{'a':2}]")]
    [InlineData("[[1],[2]]", "{'_t':'a','1':{'_t':'a','_0':[2,0,0]}}", "[[1],[]]")]
    [InlineData("'the quick brown fox'", "['@@ -1,8 +1,6 @@\\n-the\\n+a\\n  quic\\n',0,2]", "'a quick brown fox'")]
    public void Deltas_Apply(string value, string delta, string result) =>
        Assert.Equal(Parse(result), JsonDelta.Apply(Parse(value), Parse(delta)));

    [Fact]
    public void Digits_AreKept()
    {
        JsonTree result = JsonDelta.Apply(
            Parse("{'a':1.0,'b':[1e2]}"),
            Parse("{'c':[12345678901234567890.10],'b':{'_t':'a','0':[1E+400]}}"));
        Assert.Equal("{\"a\":1.0,\"b\":[1E+400,1e2],\"c\":12345678901234567890.10}", result.ToString());
    }

    [Fact]
    public void WhatStays_IsShared()
    {
        JsonTree value = Parse("{'a':{'b':[1,2]},'c':[{'d':1},{'e':[5]}]}");
        JsonTree result = JsonDelta.Apply(value, Parse("{'c':{'_t':'a','_0':['',1,3],'1':{'d':[1,2]}}}"));
        Assert.Equal(Parse("{'a':{'b':[1,2]},'c':[{'e':[5]},{'d':2}]}"), result);
        Assert.Same(value["a"], result["a"]);
        Assert.Same(value["c"]!.Items[1], result["c"]!.Items[0]);
    }

    [Fact]
    public void Size_IsBounded()
    {
        JsonTree value = Parse("{'a':'xxxxxxxxxx'}");
        JsonTree delta = Parse("{'b':['yyyyyyyyyy']}");
        Assert.Equal(2, JsonDelta.Apply(value, delta, maxSize: 35).Members.Length);
        Assert.Throws<JsonDeltaException>(() => JsonDelta.Apply(value, delta, maxSize: 34));
    }

    [Fact, FullRunOnly]
    public void RandomDeltas_GiveTheNewValue()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var generator = new TreeGenerator(seed, hazards: true);
            var options = new JsonDeltaOptions { OmitsOldValues = seed % 2 == 0 };
            for (int i = 0; i < 200; i++)
            {
                JsonTree before = generator.Root();
                JsonTree after = generator.Edited(before);
                string text = before.ToString();
                if (JsonDelta.Diff(before, after, options) is JsonTree delta)
                    Assert.Equal(after, JsonDelta.Apply(before, JsonTree.Parse(delta.ToUtf8())));
                Assert.Equal(text, before.ToString());
            }
        }
    }
}
