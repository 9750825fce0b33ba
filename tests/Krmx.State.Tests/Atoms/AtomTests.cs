using System.Globalization;
using System.Text;
using Krmx.Testing;

namespace Krmx.State.Tests;

public sealed class AtomTests
{
    private readonly TestRoom _room = new();
    private readonly List<DispatchResult> _results = [];

    [Fact]
    public void Set_ReachesEverybody()
    {
        ServerAtoms server = Open();
        (_, ClientAtoms alices) = Link("alice");
        (TestClient bob, ClientAtoms bobs) = Link("bob");
        alices.Set("title", "Chess", _results.Add);
        Assert.Equal("Chess", alices["title"]?.Text);
        _room.Deliver();
        Assert.Equal("Chess", server["title"]?.Text);
        Assert.Equal("Chess", bobs["title"]?.Text);
        Assert.True(Assert.Single(_results).IsAccepted);
        Assert.Equal("""{"type":"atom/set","payload":{"key":"title","atom":"Chess"}}""", bob.Received[^1]);
    }

    [Fact]
    public void Link_SendsEveryAtom()
    {
        ServerAtoms server = Open();
        server.Set("number", 12);
        server.Set("real", 0.5);
        server.Set("truth", true);
        (_, ClientAtoms alices) = Link("alice");
        Assert.Equal(12, alices["number"]?.Number);
        Assert.Equal(0.5, alices["real"]?.Number);
        Assert.True(alices["truth"]?.Truth);
        Assert.Null(alices["constructor"]);
        Assert.Equal(3, alices.All.Count);
    }

    [Fact]
    public void Set_ByTwo_TheLastOneWins()
    {
        ServerAtoms server = Open();
        (_, ClientAtoms alices) = Link("alice");
        (_, ClientAtoms bobs) = Link("bob");
        alices.Set("round", 1);
        bobs.Set("round", 2);
        _room.Deliver();
        Assert.Equal(2, server["round"]?.Number);
        Assert.Equal(alices["round"], bobs["round"]);
        Assert.Equal(0, alices.PendingCount);
    }

    [Theory]
    [InlineData("""{"key":"a","atom":null}""")]
    [InlineData("""{"key":"a","atom":{}}""")]
    [InlineData("""{"key":"a","atom":[1]}""")]
    [InlineData("""{"key":"a"}""")]
    [InlineData("""{"key":1,"atom":1}""")]
    [InlineData("""{"atom":1}""")]
    [InlineData("7")]
    [InlineData("""{"key":"a","atom":"\ud800"}""")]
    public void Set_OfAWrongShape_IsIgnored(string payload)
    {
        ServerAtoms server = Open();
        (TestClient alice, ClientAtoms atoms) = Link("alice");
        alice.Send(KrmxMessage.FromJson("atom/set", Encoding.UTF8.GetBytes(payload)));
        _room.Deliver();
        Assert.Empty(server.Keys);
        Assert.Empty(atoms.All);
        Assert.Equal(ClientStatus.Linked, alice.Status);
        Assert.Single(_room.Refusals);
    }

    [Theory]
    [InlineData("alice/colour", true)]
    [InlineData("colour", true)]
    [InlineData("bob/colour", false)]
    [InlineData("Alice/colour", false)]
    [InlineData("/colour", false)]
    public void Set_WithStrictPrefixes_IsForTheUsersOwnKeys(string key, bool isAllowed)
    {
        ServerAtoms server = Open(new AtomOptions { HasStrictPrefixes = true });
        (_, ClientAtoms alices) = Link("alice");
        alices.Set(key, "red", _results.Add);
        _room.Deliver();
        Assert.Equal(isAllowed ? DispatchResult(DispatchStatus.Accepted) : DispatchResult(DispatchStatus.Refused, "the key belongs to another user"), Assert.Single(_results));
        Assert.Equal(isAllowed, alices[key] is not null);
        Assert.Equal(isAllowed, server[key] is not null);
        server.Set(key, "blue");

        static DispatchResult DispatchResult(DispatchStatus status, string? reason = null) => new(status, reason);
    }

    [Fact]
    public void Set_BeyondTheLimit_IsRefusedAndReplacingIsNot()
    {
        ServerAtoms server = Open(new AtomOptions { MaxBytes = """{"type":"atom/set","payload":{"key":"abc","atom":"def"}}""".Length });
        (_, ClientAtoms alices) = Link("alice");
        alices.Set("abc", "def", _results.Add);
        alices.Set("abc", 1234, _results.Add);
        alices.Set("d", 1, _results.Add);
        _room.Deliver();
        Assert.Equal([DispatchStatus.Accepted, DispatchStatus.Accepted, DispatchStatus.Refused], _results.Select(result => result.Status));
        Assert.Throws<KrmxException>(() => server.Set("d", 1));
        Assert.Equal(1234, alices["abc"]?.Number);
    }

    /// <summary>What is counted is what a newcomer is sent, however small the atoms are or however much of them is escaped.</summary>
    [Theory]
    [InlineData("{0}", "")]
    [InlineData("\u0001{0}", "")]
    [InlineData("{0}", "\u0001\u0001\u0001\u0001")]
    [InlineData("ключ{0}", "ä")]
    public void Atoms_AsManyAsAreAllowed_AreWithinTheLimitOnTheWire(string key, string value)
    {
        const int Limit = 4096;
        ServerAtoms server = Open(new AtomOptions { MaxBytes = Limit });
        (_, ClientAtoms alices) = Link("alice");
        for (int i = 0; i < 200; i++)
            alices.Set(string.Format(CultureInfo.InvariantCulture, key, i), value);
        _room.Deliver();
        TestClient bob = _room.Link("bob");
        string[] welcome = [.. bob.Received.Where(static frame => frame.Contains("atom/set", StringComparison.Ordinal))];
        Assert.Equal(server.Keys.Count, welcome.Length);
        Assert.InRange(welcome.Sum(static frame => Encoding.UTF8.GetByteCount(frame)), Limit / 2, Limit);
    }

    [Fact]
    public void LastLeave_ClearsWhereItIsToldTo()
    {
        ServerAtoms server = Open(new AtomOptions { ClearsWhenEmpty = true, MaxBytes = """{"type":"atom/set","payload":{"key":"key","atom":1}}""".Length });
        (TestClient alice, ClientAtoms atoms) = Link("alice");
        atoms.Set("key", 1);
        alice.Leave();
        _room.Deliver();
        Assert.Empty(server.Keys);
        server.Set("key", 2);
    }

    [Fact]
    public void Attaching_Twice_IsRefused()
    {
        Open();
        Assert.Throws<KrmxException>(() => _room.Room.AddAtoms());
    }

    [Fact]
    public void Number_ThatIsNone_IsRefused() => Assert.Throws<ArgumentException>(() => { Atom _ = double.NaN; });

    private ServerAtoms Open(AtomOptions? options = null)
    {
        ServerAtoms server = _room.Room.AddAtoms(options);
        _room.Open();
        return server;
    }

    private (TestClient Client, ClientAtoms State) Link(string name)
    {
        ClientAtoms? state = null;
        TestClient client = _room.Link(name, client => state = client.AddAtoms());
        return (client, state!);
    }
}
