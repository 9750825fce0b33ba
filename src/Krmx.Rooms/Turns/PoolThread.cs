namespace Krmx.Rooms;

/// <summary>A thread of the pool, and whether it is in the application's code.</summary>
/// <remarks>
/// Each thread writes its own and no other does, so that entering and leaving cost some nanoseconds and share no memory; <see cref="PoolRelief"/>
/// reads them all. Threads that are not the pool's are nobody's concern, and not kept.
/// </remarks>
internal sealed class PoolThread
{
    [ThreadStatic]
    private static PoolThread? _current;

    private readonly Thread _thread = Thread.CurrentThread;
    private int _depth;

    // Odd while the thread is in the application's code, and never the same for two stretches of it.
    private long _stretch;
    private long _lastSeen;

    private PoolThread()
    {
    }

    /// <summary>The calling thread; null while no application code has run on it.</summary>
    public static PoolThread? Current => _current;

    /// <summary>Whether the thread can be forgotten.</summary>
    public bool IsGone => !_thread.IsAlive;

    /// <summary>Whether the thread is in the application's code.</summary>
    public bool IsInside => IsWithin(Volatile.Read(ref _stretch));

    /// <summary>The application's code begins on this thread, or within code of it that began before.</summary>
    public static void Enter()
    {
        PoolThread thread = _current ??= Introduce();
        if (thread._depth++ == 0)
        {
            Volatile.Write(ref thread._stretch, thread._stretch + 1);
            PoolRelief.Notice();
        }
    }

    /// <summary>What <see cref="Enter"/> began ends.</summary>
    public static void Leave()
    {
        PoolThread thread = _current!;
        if (--thread._depth == 0)
            Volatile.Write(ref thread._stretch, thread._stretch + 1);
    }

    /// <summary>Looks where the thread is; for the one that watches.</summary>
    /// <param name="hasMoved">Whether it entered or left anything since the last look.</param>
    /// <returns>Whether it is still where it was at the last look, in the application's code.</returns>
    public bool Look(out bool hasMoved)
    {
        long stretch = Volatile.Read(ref _stretch);
        hasMoved = stretch != _lastSeen;
        _lastSeen = stretch;
        return !hasMoved && IsWithin(stretch);
    }

    private static bool IsWithin(long stretch) => (stretch & 1) != 0;

    private static PoolThread Introduce()
    {
        var thread = new PoolThread();
        if (thread._thread.IsThreadPoolThread)
            PoolRelief.Add(thread);
        return thread;
    }
}
