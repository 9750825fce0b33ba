namespace Krmx.State.Tests.Delta;

/// <summary>Text diffs: patches of diff-match-patch.</summary>
public class TextDeltaTests
{
    [Theory]
    [InlineData("abc", "", "abc")]
    [InlineData("abc", "@@ -1,3 +1,4 @@\n abc\n+d\n", "abcd")]
    [InlineData("abc", "@@ -0,0 +1 @@\n+x\n", "xabc")]
    [InlineData("abc", "@@ -3 +2,0 @@\n-c\n", "ab")]
    [InlineData("a", "@@ -1 +1 @@\n-a\n+b", "b")]
    [InlineData("", "@@ -0,0 +1,3 @@\n+a%0A%25\n", "a\n%")]
    [InlineData("100%", "@@ -1,4 +1,5 @@\n 100%25\n+!\n", "100%!")]
    [InlineData("", "@@ -0,0 +1,11 @@\n+%E6%97%A5%F0%9F%98%80%C3%A9%23#%2523\n", "日😀é%23#%23")]
    // The second one is in the text that the first one left, and begins in what that wrote.
    [InlineData(
        "0123456789abcdefghij",
        "@@ -1,6 +1,8 @@\n 01\n+XY\n 2345\n@@ -3,10 +3,9 @@\n XY234567\n-89\n+_\n",
        "01XY234567_abcdefghij")]
    public void Patches_Apply(string text, string patch, string result) => Assert.Equal(JsonTree.Of(result), Apply(text, patch));

    [Theory]
    [InlineData("abc", "x")]
    [InlineData("abc", "@@")]
    [InlineData("abc", "@@ -1 +1 @@")]
    [InlineData("abc", "@@ -1 +1\n-a\n+b\n")]
    [InlineData("abc", "@@ -+ @@\n")]
    [InlineData("abc", "@@ -a,1 +1,1 @@\n-a\n+b\n")]
    [InlineData("abc", "@@ -0 +0 @@\n-a\n+b\n")]
    [InlineData("abc", "@@ -1,2 +1,1 @@\n-a\n+b\n")]
    [InlineData("abc", "@@ -1 +1,2 @@\n-a\n+b\n")]
    [InlineData("abc", "@@ -1 +99999999999 @@\n-a\n+b\n")]
    [InlineData("abc", "@@ -1 +1 @@\n*a\n")]
    [InlineData("abc", " a\n")]
    [InlineData("abc", "@@ -1 +1 @@\n-%\n+b\n")]
    [InlineData("abc", "@@ -1 +1 @@\n-a\n+%G0\n")]
    [InlineData("abc", "@@ -1 +1 @@\n-a\n+%FF\n")]
    [InlineData("abc", "@@ -1 +1 @@\n-a\n+%C3\n")]
    [InlineData("abc", "@@ -1 +1 @@\n-a\n+%C3%28\n")]
    [InlineData("abc", "@@ -1 +1 @@\n-a\n+%ED%A0%80\n")]
    [InlineData("abc", "@@ -1 +1 @@\n-b\n+c\n")]
    [InlineData("abc", "@@ -3,2 +3 @@\n-cd\n+c\n")]
    [InlineData("abc", "@@ -9,0 +9,1 @@\n+x\n")]
    [InlineData("abc", "@@ -2147483647,0 +2147483647,1 @@\n+x\n")]
    [InlineData("abc", "@@ -2147483647 +2147483647 @@\n-a\n+x\n")]
    [InlineData("abc", "@@ -1,2 +0,0 @@\n-ab\n@@ -2147483647 +2147483647 @@\n c\n")]
    [InlineData("abc", "@@ -3 +3 @@\n-c\n+x\n@@ -1 +1 @@\n-a\n+x\n")]
    [InlineData("😀", "@@ -1,0 +2,1 @@\n+x\n")]
    public void Patches_ThatDoNotFit_AreRefused(string text, string patch) => Assert.Throws<JsonDeltaException>(() => Apply(text, patch));

    [Fact, FullRunOnly]
    public void SpoiltPatches_ApplyOrAreRefused()
    {
        const string Text = "the quick brown fox jumps over the lazy dog; 日本語 😀 100%";
        const string Patch = "@@ -1,8 +1,6 @@\n-the\n+a\n  quic\n@@ -25,8 +25,15 @@\n over \n+%E6%97%A5 😀\n the\n";
        const string Alphabet = "@-+ ,0123456789\n%EF9a😀";
        var random = new Random(5);
        int refused = 0;
        for (int round = 0; round < 100_000; round++)
        {
            var patch = new List<char>(Patch);
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int at = random.Next(patch.Count);
                if (random.Next(2) == 0)
                    patch.RemoveAt(at);
                else
                    patch[at] = Alphabet[random.Next(Alphabet.Length)];
            }
            string spoilt = new([.. patch]);
            if (char.IsSurrogate(spoilt, spoilt.Length - 1) || spoilt.EnumerateRunes().Any(rune => rune.Value == 0xFFFD))
                continue; // no JSON text can hold it
            try
            {
                Apply(Text, spoilt);
            }
            catch (JsonDeltaException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 10_000, 99_999);
    }

    private static JsonTree Apply(string text, string patch) =>
        JsonDelta.Apply(JsonTree.Of(text), JsonTree.ArrayOf([JsonTree.Of(patch), JsonTree.Of(0), JsonTree.Of(2)]));
}
