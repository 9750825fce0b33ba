namespace Krmx.Tests.Protocol;

public sealed class ProtocolVersionTests
{
    [Theory]
    [InlineData("0.6.0", 0, 6, 0)]
    [InlineData("0.6.101", 0, 6, 101)]
    [InlineData("10.20.999999999", 10, 20, 999_999_999)]
    public void TryParse_ReadsThreeNumbers(string text, int major, int minor, int patch)
    {
        Assert.True(ProtocolVersion.TryParse(text, out ProtocolVersion version));
        Assert.Equal(new ProtocolVersion(major, minor, patch), version);
        Assert.Equal(text, version.ToString());
    }

    [Theory]
    [InlineData("0.6.11-beta.1")]
    [InlineData("0.6.11-0.a-b.--")]
    [InlineData("0.6.11+build.5")]
    [InlineData("0.6.11-rc+20260101-x")]
    public void TryParse_ReadsWhatAPackageMayBe(string text)
    {
        Assert.True(ProtocolVersion.TryParse(text, out ProtocolVersion version));
        Assert.Equal(new ProtocolVersion(0, 6, 11), version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0.6")]
    [InlineData("0.6.")]
    [InlineData(".6.0")]
    [InlineData("0.6.0.0")]
    [InlineData("0.6pwn")]
    [InlineData("0.6.0pwn")]
    [InlineData("0.6.x")]
    [InlineData("0.6.-1")]
    [InlineData("0.6.+1")]
    [InlineData("0.6. 1")]
    [InlineData(" 0.6.1")]
    [InlineData("0.6.1 ")]
    [InlineData("0.6.1\n")]
    [InlineData("00.6.1")]
    [InlineData("0.06.1")]
    [InlineData("0.6.1000000000")]
    [InlineData("0.6.\u0661")]
    [InlineData("0.6.1e1")]
    [InlineData("0.6-beta")]
    [InlineData("0.6.1-")]
    [InlineData("0.6.1-beta.")]
    [InlineData("0.6.1-be ta")]
    [InlineData("0.6.1-b\u00E9ta")]
    [InlineData("0.6.1+")]
    [InlineData("0.6.1+a+b")]
    [InlineData("-0.6.1")]
    [InlineData("beta-0.6.1")]
    public void TryParse_RefusesAnythingElse(string? text) => Assert.False(ProtocolVersion.TryParse(text, out _));

    [Theory]
    [InlineData("0.6.9", true)]
    [InlineData("0.60.0", false)]
    [InlineData("1.6.0", false)]
    public void SameLine_IsMajorAndMinor(string other, bool isSame)
    {
        Assert.True(ProtocolVersion.TryParse(other, out ProtocolVersion version));
        Assert.Equal(isSame, ProtocolVersion.Current.IsSameLine(version));
    }

    [Fact]
    public void Supported_AreTheLinesThatShareTheWire() =>
        Assert.Equal(["0.6.0", "0.5.0", "0.4.0"], ProtocolVersion.Supported.Select(version => version.ToString()));
}
