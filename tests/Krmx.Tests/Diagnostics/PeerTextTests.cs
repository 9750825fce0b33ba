using Krmx.Diagnostics;

namespace Krmx.Tests.Diagnostics;

public class PeerTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("chat: Zoë 漢字 😀 {0} \\u001B", "chat: Zoë 漢字 😀 {0} \\u001B")]
    [InlineData("\u001b[2J\r\n\0", "\\u001B[2J\\u000D\\u000A\\u0000")]
    [InlineData("\u007f\u009b\u0085", "\\u007F\\u009B\\u0085")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("\u202eevil\u2066", "\\u202Eevil\\u2066")]
    public void Text_IsOnOneLineAndNoTerminalObeysIt(string text, string shown) => Assert.Equal(shown, new PeerText(text).ToString());

    [Fact]
    public void LoneSurrogate_IsReplaced() => Assert.Equal("\ufffd", new PeerText(new string('\ud83d', 1)).ToString());

    [Fact]
    public void LongText_IsCut()
    {
        string longest = new('x', PeerText.MaxLength);

        Assert.Equal(longest, new PeerText(longest).ToString());
        Assert.Equal(longest + "…", new PeerText(longest + "y").ToString());
        Assert.Equal(longest[1..] + "…", new PeerText(longest[1..] + "😀").ToString());
    }
}
