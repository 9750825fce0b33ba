using Krmx.Rooms;

namespace Krmx.Tests.Server;

/// <summary>Protocol section 8, item 7: names are only names.</summary>
public sealed class UsernameAsKeyTests
{
    [Theory]
    [InlineData("constructor")]
    [InlineData("toString")]
    [InlineData("hasOwnProperty")]
    public void NamesOfJavaScriptsObjects_AreUnknownUntilTheyJoin(string name)
    {
        var server = new RecordedServer(new() { AcceptsNewUsers = false });
        server.Open(1);
        server.Link(1, name);
        Assert.Equal(["1: rejected server is not accepting new users", "rejected 1 NoNewUsers"], server.Take());
        Assert.False(server.Server.HasUser(name));
        server.Server.Join(name);
        server.Link(1, name);
        Assert.Equal($"{name}*", server.Users);
    }
}
