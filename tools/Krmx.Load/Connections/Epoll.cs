using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Krmx.Load.Connections;

/// <summary>Linux's epoll: tells which of many sockets have something to read, at a cost that does not grow with the many.</summary>
/// <remarks>The framework's own use of it hands every event to another thread, which costs the load more than the reading.</remarks>
internal sealed partial class Epoll : IReadiness
{
    private const int Add = 1;
    private const int Remove = 2;
    private const int Readable = 1;
    private const int MaxEvents = 512;

    // The kernel packs the structure on x64 and nowhere else.
    private static readonly int EventLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventLength - 8;

    private readonly byte[] _events = new byte[MaxEvents * EventLength];
    private readonly int _handle = Create(0);
    private readonly Lock _gate = new();
    private LoadClient?[] _clients = []; // by the numbers of their sockets

    public void Watch(LoadClient client)
    {
        int socket = NumberOf(client);
        lock (_gate)
        {
            if (socket >= _clients.Length)
                Array.Resize(ref _clients, 2 * (socket + 1));
            _clients[socket] = client;
        }
        SetControl(Add, client, socket);
    }

    public void Unwatch(LoadClient client)
    {
        int socket = NumberOf(client);
        SetControl(Remove, client, socket);
        lock (_gate)
            _clients[socket] = null;
    }

    public void Wait(List<LoadClient> readable, TimeSpan limit)
    {
        int count = Wait(_handle, ref _events[0], MaxEvents, (int)limit.TotalMilliseconds);
        lock (_gate)
        {
            for (int i = 0; i < count; i++)
                readable.Add(_clients[BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((i * EventLength) + DataOffset))]!);
        }
    }

    public void Dispose() => _ = Close(_handle);

    private static int NumberOf(LoadClient client) => (int)client.Socket.SafeHandle.DangerousGetHandle();

    private void SetControl(int operation, LoadClient client, int socket)
    {
        Span<byte> registration = stackalloc byte[EventLength];
        BinaryPrimitives.WriteInt32LittleEndian(registration, Readable);
        BinaryPrimitives.WriteInt32LittleEndian(registration[DataOffset..], socket);
        if (Control(_handle, operation, client.Socket.SafeHandle, ref registration[0]) != 0)
            throw new SocketException(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, SafeHandle socket, ref byte registration);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, ref byte events, int maxEvents, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int epoll);
}
