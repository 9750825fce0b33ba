using Krmx.Client;

namespace Krmx.Tests.Client;

/// <summary>The extension presence as a client has it (protocol section 10).</summary>
public sealed class ClientCorePresenceTests
{
    private readonly RecordedClientCore _client = RecordedClientCore.Connected();

    [Fact]
    public void Link_IsMadeWithTheUsers_AndAnsweredWhenTheNewcomerHasBeenToldAll()
    {
        Arrive("""["alice",false],["bob",true]""");
        Assert.Equal(["accept", "join alice", "join bob", "status Linked", "link bob"], _client.Take());

        _client.Receive("atom/set");
        Assert.Equal(["""message {"type":"atom/set"}"""], _client.Take());
        Ready();
        Assert.Equal(["Link ended: Done"], _client.Take());
        Assert.Equal("alice (unlinked), bob (linked)", Users);
    }

    [Fact]
    public void Users_MayComeInSeveralMessages()
    {
        Arrive("""["alice",true],["bob",true]""");
        Receive("users", """["carol",true],["dora",false]""");
        Ready();
        Assert.Equal("alice (linked), bob (linked), carol (linked), dora (unlinked)", Users);
    }

    [Fact]
    public void Changes_AreToldInOrder_AndThoseOfOneselfNot()
    {
        Arrive("""["alice",true],["bob",true]""");
        Ready();
        _client.Take();

        Receive("changes", """["joined","bob"],["joined","carol"],["unlinked","alice"],["linked","carol"],["left","alice"],["unlinked","bob"],["left","bob"]""");

        Assert.Equal(["join carol", "unlink alice", "link carol", "leave alice"], _client.Take());
        Assert.Equal("bob (linked), carol (linked)", Users);
    }

    /// <summary>Users are sent as they are, and changes that led there may follow.</summary>
    [Fact]
    public void Changes_ThatAreKnownAreNoNews()
    {
        Arrive("""["alice",true],["bob",true]""");
        Ready();
        _client.Take();
        Receive("changes", """["joined","alice"],["linked","alice"]""");
        Assert.Empty(_client.Take());
    }

    [Fact]
    public void Metadata_AreToldWhenTheyChange_ThoseOfOneselfAsWell()
    {
        var heard = new List<string>();
        _client.Core.OnUserMeta((name, meta) => heard.Add($"{name} {meta?.ToString() ?? "none"}"));
        _client.Core.OnJoin(name => heard.Add($"{name} joined, {_client.Core.Users.First(user => user.Name == name).Meta}"));
        Arrive("""["alice",true,{"color":"red"}],["bob",true],["carol",false,[1,[2]],"and more"]""");
        Ready();
        Assert.Equal(["""alice joined, {"color":"red"}""", """alice {"color":"red"}""", "bob joined, ", "carol joined, [1,[2]]", "carol [1,[2]]"], heard);

        heard.Clear();
        Receive("changes", """["meta","bob","blue"],["meta","alice",{"color":"red"}],["meta","carol"],["unlinked","alice"],["meta","alice",null,7],["meta","dora",1]""");
        Assert.Equal(["""bob "blue" """.TrimEnd(), "carol none", "alice none"], heard);
        Assert.Equal(KrmxMeta.Create("blue"), _client.Core.Users.Single(user => user.Name == "bob").Meta);

        Receive("changes", """["left","carol"],["joined","carol"]""");
        Assert.Null(_client.Core.Users.Single(user => user.Name == "carol").Meta);
    }

    [Fact]
    public void Counts_AreToldWhenTheyChange_AndGoWithTheLink()
    {
        var heard = new List<ClientUserCount>();
        _client.Core.OnUserCount(heard.Add);
        Arrive("""["bob",true]""");
        ReceiveCount(2000, 1900);
        Ready();
        Assert.Equal("bob (linked)", Users);
        ReceiveCount(2000, 1900);
        ReceiveCount(2001, 1900);
        Assert.Equal([new(2000, 1900), new(2001, 1900)], heard);
        Assert.Equal(new ClientUserCount(2001, 1900), _client.Core.UserCount);

        _client.Take();
        _client.ReceiveText("""{"type":"krmx/count","payload":{"users":-1,"linked":0}}""");
        Assert.Equal(["violation krmx/count without counts"], _client.Take());

        _client.ReceiveOf("krmx/unlinked", "bob");
        Assert.Null(_client.Core.UserCount);
    }

    [Fact]
    public void FurtherElements_AreIgnored()
    {
        Arrive("""["alice",true,{"colour":["red"]}],["bob",true,null]""");
        Ready();
        _client.Take();
        Receive("changes", """["unlinked","alice",[[1]],2]""");
        Assert.Equal(["unlink alice"], _client.Take());
    }

    [Fact]
    public void OwnEnd_BeforeAllIsTold_EndsALinkThatWasMade()
    {
        Arrive("""["bob",true]""");
        _client.Take();
        _client.ReceiveOf("krmx/unlinked", "bob");
        Assert.Equal(["unlink bob", "status Connected", "Link ended: Done"], _client.Take().Order().Reverse());
        Assert.Equal([LinkChange.Made, LinkChange.EndedByServer], _client.Changes);
    }

    [Fact]
    public void Loss_BeforeAllIsTold_IsOneOfALinkThatWasMade()
    {
        Arrive("""["bob",true]""");
        _client.Take();
        _client.Input.Lost();
        Assert.Contains("Link ended: Done", _client.Take());
    }

    [Fact]
    public void Unlink_BeforeAllIsTold_AnswersTheLinkFirst()
    {
        Arrive("""["bob",true]""");
        _client.Input.Unlink();
        Ready();
        _client.ReceiveOf("krmx/unlinked", "bob");
        Assert.Equal(["Link ended: Done", "Unlink ended: Done"], _client.Take().Where(line => line.Contains("ended", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("users", "null")]
    [InlineData("users", "{}")]
    [InlineData("users", """{"users":{}}""")]
    [InlineData("users", """{"users":["alice"]}""")]
    [InlineData("users", """{"users":[["alice"]]}""")]
    [InlineData("users", """{"users":[["alice","true"]]}""")]
    [InlineData("users", """{"users":[["\ud800",true]]}""")]
    [InlineData("changes", """{"changes":[[]]}""")]
    [InlineData("changes", """{"changes":[["joined"]]}""")]
    [InlineData("changes", """{"changes":[["joined",1]]}""")]
    [InlineData("changes", """{"changes":[["vanished","alice"]]}""")]
    public void WhatIsNoListOfUsers_IsAViolationAndChangesNothing(string type, string payload)
    {
        Arrive("""["bob",true]""");
        Ready();
        _client.Take();
        _client.ReceiveText($$"""{"type":"krmx/{{type}}","payload":{{payload}}}""");
        Assert.StartsWith("violation", Assert.Single(_client.Take()), StringComparison.Ordinal);
        Assert.Equal("bob (linked)", Users);
    }

    [Fact]
    public void Resume_ImpliesPresence()
    {
        _client.Input.Link("bob", null);
        _client.ReceiveText("""{"type":"krmx/accepted","payload":{"extensions":["resume"],"session":1}}""");
        _client.Take();
        Receive("users", """["bob",true]""");
        Ready();
        Assert.Equal(["join bob", "status Linked", "link bob", "Link ended: Done"], _client.Take());
    }

    private string Users => string.Join(", ", _client.Core.Users.Select(user => $"{user.Name} ({(user.IsLinked ? "linked" : "unlinked")})"));

    private void Arrive(string users)
    {
        _client.Input.Link("bob", null);
        _client.Take();
        _client.ReceiveText("""{"type":"krmx/accepted","payload":{"extensions":["presence"]}}""");
        Receive("users", users);
    }

    private void ReceiveCount(int users, int linked) =>
        _client.ReceiveText($$$"""{"type":"krmx/count","payload":{"users":{{{users}}},"linked":{{{linked}}}}}""");

    private void Ready() => _client.Receive("krmx/ready");

    private void Receive(string type, string content) => _client.ReceiveText($$$"""{"type":"krmx/{{{type}}}","payload":{"{{{type}}}":[{{{content}}}]}}""");
}
