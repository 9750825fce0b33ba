using Krmx.Testing;

namespace Krmx.State.Tests.Typed;

/// <summary>What is written of an object is what the type says that it is seen as, even where others see all of it.</summary>
public class DeclaredTypeTests
{
    [Theory]
    [InlineData("owner", "other")]
    [InlineData("other", "owner")]
    public void Object_SeenAsItsBase_DoesNotGiveAwayTheRest(string first, string second)
    {
        var room = new TestRoom();
        ServerProjection<Card, View> projection = room.Room.AddProjection("card", new ProjectionModel<Card, View>(
            new Card("ace", 111), static (card, user) => new View(user == "owner" ? card : null, card)));
        room.Open();
        TestClient[] clients = [room.Link(first), room.Link(second)];
        projection.Update(static card => new Card("king", 222));
        room.Deliver();

        string[] owner = Frames(clients.Single(static client => client.Username == "owner"));
        string[] other = Frames(clients.Single(static client => client.Username == "other"));
        Assert.Contains("""{"own":{"secret":111,"name":"ace"},"seen":{"name":"ace"}}""", owner[0], StringComparison.Ordinal);
        Assert.Contains("222", owner[1], StringComparison.Ordinal);
        Assert.Equal(2, other.Length);
        Assert.All(other, static frame => Assert.DoesNotContain("secret", frame, StringComparison.Ordinal));
    }

    private static string[] Frames(TestClient client) =>
        [.. client.Received.Where(static frame => frame.Contains("\"projection/", StringComparison.Ordinal))];

    internal record PublicCard(string Name);

    internal sealed record Card(string Name, int Secret) : PublicCard(Name);

    internal sealed record View(Card? Own, PublicCard Seen);
}
