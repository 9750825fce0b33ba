namespace Krmx.Tests.Rooms.Simulation;

/// <summary>In what world a run of the directory's simulation is.</summary>
/// <param name="Names">How many names there are.</param>
/// <param name="Max">How many rooms there may be.</param>
/// <param name="IsKeptIdle">Whether a room is kept for a time when nobody is in it any more.</param>
/// <param name="KeepsEmpty">Whether rooms stay however long nobody is in them.</param>
/// <param name="MakesAtOnce">Whether rooms are made within the call.</param>
/// <param name="EndsAtOnce">Whether rooms end within the call.</param>
internal sealed record DirectorySetup(int Names, int Max, bool IsKeptIdle, bool KeepsEmpty, bool MakesAtOnce, bool EndsAtOnce)
{
    public static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(30);

    public TimeSpan IdleTimeout => IsKeptIdle ? TimeSpan.FromSeconds(10) : TimeSpan.Zero;

    /// <summary>Every setup with at most so many names.</summary>
    public static IEnumerable<DirectorySetup> All(int names)
    {
        bool[] either = [false, true];
        return from count in Enumerable.Range(1, names)
               from max in Enumerable.Range(1, count)
               from idle in either
               from keeps in either
               from makes in either
               from ends in either
               where idle || !keeps
               select new DirectorySetup(count, max, idle, keeps, makes, ends);
    }
}
