using Krmx.Rooms;

namespace Krmx.Tests.Rooms;

public class ThreadReserveTests
{
    private readonly ThreadReserve _reserve = new();

    [Fact]
    public void ThreadsThatAreBlocked_AreMadeUpFor()
    {
        _reserve.Look(blocked: 3, isStarving: false);
        Assert.Equal(3, _reserve.Size);
        _reserve.Look(blocked: 4, isStarving: false);
        Assert.Equal(4, _reserve.Size);
    }

    [Fact]
    public void StarvingPool_GrowsFast()
    {
        var sizes = new List<int>();
        for (int blocked = 2; sizes.LastOrDefault() < ThreadReserve.Max; blocked = 2 + _reserve.Size)
        {
            _reserve.Look(blocked, isStarving: true);
            sizes.Add(_reserve.Size);
        }
        Assert.Equal([16, 72, 296, 512], sizes);
    }

    [Fact]
    public void PoolThatStarvesForOtherReasons_IsLeftAlone()
    {
        _reserve.Look(blocked: 0, isStarving: true);
        Assert.Equal(0, _reserve.Size);
    }

    [Fact]
    public void ThreadsThatAreNotNeeded_GoAfterAWhile()
    {
        _reserve.Look(blocked: 8, isStarving: false);
        for (int i = 0; i < ThreadReserve.LooksKept - 1; i++)
            _reserve.Look(blocked: 1, isStarving: false);
        Assert.Equal(8, _reserve.Size);

        _reserve.Look(blocked: 1, isStarving: false);
        Assert.Equal(1, _reserve.Size);
    }

    [Fact]
    public void ThreadsThatAreNeededAgain_AreKeptAsLongAgain()
    {
        _reserve.Look(blocked: 8, isStarving: false);
        for (int i = 0; i < 3 * ThreadReserve.LooksKept; i++)
            _reserve.Look(blocked: i % 10 == 0 ? 8 : 0, isStarving: false);
        Assert.Equal(8, _reserve.Size);
    }
}
