namespace Krmx.Tests.Protocol;

public sealed class UsernameTests
{
    [Theory]
    [InlineData("ab")]
    [InlineData("aB9")]
    [InlineData("a.b-c@d_e")]
    [InlineData("simon@example.org")]
    [InlineData("constructor")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void Valid(string name) => Assert.True(Username.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    [InlineData("1a")]
    [InlineData("_a")]
    [InlineData("a_")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a.-b")]
    [InlineData("__proto__")]
    [InlineData("ab\n")]
    [InlineData("ab ")]
    [InlineData("a b")]
    [InlineData("äb")]
    [InlineData("aéb")]
    [InlineData("a\u0661")]
    [InlineData("\u212aa")]
    [InlineData("a\0b")]
    public void Invalid(string? name) => Assert.False(Username.IsValid(name));

    [Fact]
    public void EveryCharacter_IsAllowedOrNot_AsTheProtocolListsThem()
    {
        const string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", digits = "0123456789", specials = ".-@_";
        for (int code = 0; code <= char.MaxValue; code++)
        {
            char c = (char)code;
            Assert.Equal(letters.Contains(c), Username.IsValid($"{c}a"));
            Assert.Equal((letters + digits + specials).Contains(c), Username.IsValid($"a{c}a"));
            Assert.Equal((letters + digits).Contains(c), Username.IsValid($"a{c}"));
        }
    }
}
