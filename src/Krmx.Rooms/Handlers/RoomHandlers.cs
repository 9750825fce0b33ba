using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.Rooms;

/// <summary>Makes a room's handler object and, as a service of the room's scope, disposes of it when the room is closed.</summary>
internal sealed class RoomHandlers(IServiceProvider services) : IAsyncDisposable
{
    private readonly List<KrmxHandler> _handlers = [];

    public void Attach<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(KrmxRoom room)
        where THandler : KrmxHandler
    {
        THandler handler = ActivatorUtilities.CreateInstance<THandler>(services);
        _handlers.Add(handler);
        handler.Attach(room);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (KrmxHandler handler in _handlers)
        {
            if (handler is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            else if (handler is IDisposable disposable)
                disposable.Dispose();
        }
    }
}
