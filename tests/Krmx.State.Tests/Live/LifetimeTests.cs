using Krmx.Testing;

namespace Krmx.State.Tests;

/// <summary>What a client shows as its link comes and goes.</summary>
public sealed class LifetimeTests
{
    private readonly TestRoom _room = new();
    private readonly List<DispatchResult> _results = [];

    [Fact]
    public void Disconnect_ForGood_IsNotLiveAnyMore()
    {
        ServerAtoms server = _room.Room.AddAtoms();
        server.Set("a", 1);
        _room.Open();
        ClientAtoms? atoms = null;
        TestClient client = _room.Link("ann", client => atoms = client.AddAtoms());
        Assert.True(atoms!.IsLive);

        atoms.Set("a", 2, _results.Add);
        client.Drop(reconnects: false);

        Assert.False(atoms.IsLive);
        Assert.Empty(atoms.All);
        Assert.Equal([new DispatchResult(DispatchStatus.Unlinked)], _results);
    }

    [Fact]
    public void Dispatch_BeforeTheLinkOfAnotherUserIsTold_IsNotOfTheOneBefore()
    {
        ServerAtoms server = _room.Room.AddAtoms();
        _room.Open();
        ClientAtoms? atoms = null;
        TestClient client = _room.Link("ann", client => atoms = client.AddAtoms());
        client.Drop();
        client.Connect();
        client.OnStatus(status =>
        {
            if (status == ClientStatus.Linked)
                atoms!.Set("a", 1, _results.Add);
        });
        client.Link("bob");
        _room.Deliver();

        Assert.Equal([new DispatchResult(DispatchStatus.NotLinked)], _results);
        Assert.Equal(0, atoms!.PendingCount);
        Assert.Empty(server.Keys);
    }

    [Fact]
    public void Dispatch_IsNotAnsweredByTheSameOfSomebodyElse_OnceTheServerEchoesIds()
    {
        ServerAtoms server = _room.Room.AddAtoms(new AtomOptions { HasStrictPrefixes = true });
        _room.Open();
        ClientAtoms? atoms = null;
        _room.Link("ann", client => atoms = client.AddAtoms());
        atoms!.Set("a", 1);
        _room.Deliver();

        atoms.Set("bob/a", 1, _results.Add);
        server.Set("bob/a", 1);
        _room.Deliver();

        Assert.Equal([new DispatchResult(DispatchStatus.Refused, "the key belongs to another user")], _results);
        Assert.Equal(0, atoms.PendingCount);
        Assert.Equal(1, atoms["bob/a"]?.Number);
    }
}
