namespace Krmx.Rooms;

/// <summary>
/// Has the thread pool make threads at once for those that listeners block. By itself it makes one or two a second, and so rooms whose listeners
/// block, as many as there are processors, would hold up all others, and every connection.
/// </summary>
/// <remarks>
/// One thread for the process, as the pool is one, and none of the pool's, which may have none to spare. It looks every <see cref="Period"/>, and
/// sleeps while no application code runs. What it changes is the pool's minimum of worker threads, the one thing that makes threads come at once;
/// it goes back to what the application had set when it is over.
/// </remarks>
internal static class PoolRelief
{
    /// <summary>How often it looks; what blocks is seen at the second look.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    /// <summary>After how many looks without any application code it sleeps.</summary>
    private const int LooksUntilSleep = 10;

    private static readonly Lock Gate = new();
    private static readonly List<PoolThread> Threads = [];
    private static readonly AutoResetEvent Awake = new(false);
    private static readonly ThreadReserve Reserve = new();
    private static bool _isStarted;
    private static bool _isAsleep;
    private static long _completed;
    private static int _usual;
    private static int _lastSet = -1;

    /// <summary>A thread has entered application code for the first time.</summary>
    public static void Add(PoolThread thread)
    {
        lock (Gate)
        {
            Threads.Add(thread);
            if (_isStarted)
                return;
            _isStarted = true;
        }
        new Thread(Run) { IsBackground = true, Name = "Krmx pool relief" }.UnsafeStart();
    }

    /// <summary>A thread has entered application code: it is looked at from now on.</summary>
    public static void Notice()
    {
        if (!Volatile.Read(ref _isAsleep))
            return;
        Volatile.Write(ref _isAsleep, false);
        Awake.Set();
    }

    private static void Run()
    {
        int quietLooks = 0;
        while (true)
        {
            Thread.Sleep(Period);
            quietLooks = Look() ? 0 : quietLooks + 1;
            if (quietLooks < LooksUntilSleep || Reserve.Size > 0)
                continue;
            Sleep();
            quietLooks = 0;
        }
    }

    /// <summary>Looks at all threads, and makes more if need be.</summary>
    /// <returns>Whether there was any application code since the last look.</returns>
    private static bool Look()
    {
        int blocked = 0;
        bool isBusy = false;
        lock (Gate)
        {
            Threads.RemoveAll(static thread => thread.IsGone);
            foreach (PoolThread thread in Threads)
            {
                bool isBlocked = thread.Look(out bool hasMoved);
                blocked += isBlocked ? 1 : 0;
                isBusy |= isBlocked || hasMoved;
            }
        }
        long completed = ThreadPool.CompletedWorkItemCount;
        bool isStarving = completed == _completed && ThreadPool.PendingWorkItemCount > 0;
        _completed = completed;
        int before = Reserve.Size;
        Reserve.Look(blocked, isStarving);
        if (Reserve.Size != before)
            Apply();
        return isBusy;
    }

    private static void Apply()
    {
        ThreadPool.GetMinThreads(out int workers, out int completionPorts);
        ThreadPool.GetMaxThreads(out int most, out _);
        if (workers != _lastSet)
            _usual = workers; // the application's own wish
        _lastSet = Math.Min(_usual + Reserve.Size, most);
        ThreadPool.SetMinThreads(_lastSet, completionPorts);
    }

    /// <summary>Sleeps until application code runs.</summary>
    private static void Sleep()
    {
        Volatile.Write(ref _isAsleep, true);

        // Who enters writes that it is in and then reads whether this sleeps, without the fence that would keep the two in order: it is here, for all.
        Interlocked.MemoryBarrierProcessWide();
        bool isAnyInside;
        lock (Gate)
            isAnyInside = Threads.Exists(static thread => thread.IsInside);
        if (!isAnyInside)
            Awake.WaitOne();
        Volatile.Write(ref _isAsleep, false);
    }
}
