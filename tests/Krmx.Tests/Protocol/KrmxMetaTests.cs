using System.Text;
using System.Text.Json;

namespace Krmx.Tests.Protocol;

public sealed class KrmxMetaTests
{
    private sealed record Profile(string DisplayName, string? Color = null);

    [Fact]
    public void ValueIsReadAsItWasMade()
    {
        KrmxMeta meta = KrmxMeta.Create(new Profile("Ünal", "#f00"))!;
        Assert.Equal("""{"displayName":"Ünal","color":"#f00"}""", Encoding.UTF8.GetString(meta.Json.Span));
        Assert.Equal(new Profile("Ünal", "#f00"), meta.Deserialize<Profile>());
        Assert.Throws<JsonException>(() => meta.Deserialize<int>());
    }

    [Fact]
    public void TwoOfTheSameJson_AreEqual()
    {
        KrmxMeta one = KrmxMeta.Create(new Profile("bob"))!, same = KrmxMeta.Create(new Profile("bob"))!, other = KrmxMeta.Create(new Profile("ann"))!;
        Assert.True(one.Equals(same) && one.GetHashCode() == same.GetHashCode() && new ClientUser("bob", true, one) == new ClientUser("bob", true, same));
        Assert.False(one.Equals(other) || one.Equals(null) || new ClientUser("bob", true, one) == new ClientUser("bob", true));
    }

    [Fact]
    public void NothingIsNoMetadata() => Assert.Null(KrmxMeta.Create<Profile?>(null));

    [Fact]
    public void AKibibyteOfJsonIsTaken_AndNotMore()
    {
        Assert.Equal(1024, KrmxMeta.Create(new string('x', 1022))!.Json.Length);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => KrmxMeta.Create(new string('x', 1023)));
        Assert.StartsWith("Metadata may have 1024 bytes of JSON, and this has 1025.", refusal.Message, StringComparison.Ordinal);
    }
}
