using System.Text.Json;
using Krmx.Rooms;

namespace Krmx.State;

/// <summary>
/// A server's atoms: values by key that every linked user sees and may set; the last one who sets wins (protocol section 9).
/// </summary>
/// <remarks>Belongs to the server's turns, as the server does.</remarks>
public sealed class ServerAtoms : IDisposable, IRoomPart
{
    private const string EventName = "atom change";

    private readonly Dictionary<string, (Atom Atom, byte[] Frame)> _atoms = new(StringComparer.Ordinal);
    private readonly ListenerList<Action<string, Atom>> _onChange = new(EventName);
    private readonly StateFrame _frame = new();
    private readonly KrmxRoomCore _server;
    private readonly AtomOptions _options;
    private readonly Audience<object> _audience;
    private readonly IDisposable _route;
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal); // in a durable room: the keys that are to be written
    private ReadOnlyMemory<byte>[]? _picture;
    private long _bytes;

    internal ServerAtoms(KrmxRoomCore server, AtomOptions options)
    {
        if (options.MaxBytes < 0)
            throw new ArgumentException($"{nameof(AtomOptions.MaxBytes)} must be at least 0, not {options.MaxBytes}.", nameof(options));
        _server = server;
        _options = options;
        _route = Attachments.Of(server).Add(StateMessageTypes.AtomSet, DomainRouter<KrmxUser>.NoDomain, Handle);
        Restore(server.Claim(this));
        _audience = new Audience<object>(server, Welcome, () =>
        {
            if (options.ClearsWhenEmpty)
                Clear();
        });
        _audience.Begin();
    }

    /// <summary>The keys, in no order.</summary>
    public IReadOnlyCollection<string> Keys => _atoms.Keys;

    /// <summary>The atom of a key; null where there is none.</summary>
    public Atom? this[string key] => _atoms.TryGetValue(key, out (Atom Atom, byte[] Frame) known) ? known.Atom : (Atom?)null;

    /// <summary>Sets an atom, and tells every linked user.</summary>
    /// <exception cref="ArgumentException">The key has a lone surrogate.</exception>
    /// <exception cref="KrmxException">There would be more bytes than <see cref="AtomOptions.MaxBytes"/>.</exception>
    public void Set(string key, Atom atom)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!Utf16.IsWellFormed(key))
            throw new ArgumentException("The key has a lone surrogate.", nameof(key));
        _server.VerifyUse();
        if (!TryStore(key, atom, from: null, optimisticId: null))
            throw new KrmxException($"cannot set the atom '{key}': all atoms may have {_options.MaxBytes} bytes");
    }

    /// <summary>Calls a listener when an atom was set, by whomever, to whatever.</summary>
    /// <param name="listener">Given the key and the atom.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable OnChange(Action<string, Atom> listener) => _onChange.Add(listener);

    /// <summary>Detaches the atoms from the server: users are told of no more changes, and theirs are ignored.</summary>
    public void Dispose()
    {
        _server.VerifyUse();
        _route.Dispose();
        _audience.Dispose();
        _server.Release(this);
    }

    string IRoomPart.Name => "atoms";

    void IRoomPart.WriteChanges(RoomRecorder recorder)
    {
        foreach (string key in _changed)
            Write(key, recorder);
        _changed.Clear();
    }

    void IRoomPart.WriteWhole(RoomRecorder recorder)
    {
        foreach (string key in _atoms.Keys)
            Write(key, recorder);
    }

    /// <summary>Writes an atom, as an array of its key and its value; of one that is gone the key alone.</summary>
    private void Write(string key, RoomRecorder recorder) => recorder.Part(((IRoomPart)this).Name, writer =>
    {
        writer.WriteStartArray();
        writer.WriteStringValue(key);
        if (this[key] is Atom atom)
            atom.Value.WriteTo(writer);
        writer.WriteEndArray();
    });

    private void Restore(IReadOnlyList<ReadOnlyMemory<byte>>? changes)
    {
        foreach (ReadOnlyMemory<byte> change in changes ?? [])
        {
            var written = (JsonItems)JsonTree.Parse(change.Span);
            string key = written.Items[0].Text!;
            if (_atoms.Remove(key, out (Atom Atom, byte[] Frame) old))
                _bytes -= old.Frame.Length;
            if (written.Items.Length == 1 || !Atom.TryRead(written.Items[1].ToUtf8(), out Atom atom))
                continue;
            byte[] frame = Frame(key, atom);
            _atoms.Add(key, (atom, frame));
            _bytes += frame.Length;
        }
    }

    /// <summary>Notes that an atom is to be written down.</summary>
    private void Keep(string key)
    {
        if (!_server.IsDurable)
            return;
        _changed.Add(key);
        _server.Changed(this);
    }

    private void Handle(KrmxUser user, in StatePayload payload)
    {
        if (payload.Key is not string key || !Atom.TryRead(payload.Atom, out Atom atom))
        {
            _server.ReportRefused(user.Name, StateMessageTypes.AtomSet, new JsonException(Atom.ShapeProblem));
            return;
        }
        Audience<object>.Member? from = _audience.Find(user);
        string? refusal = !IsOf(key, user) ? "the key belongs to another user"
            : !TryStore(key, atom, from, payload.OptimisticId) ? "there are too many atoms"
            : null;
        if (refusal is not null && from is not null && payload.OptimisticId is string id)
        {
            _audience.Send(from, _frame.Begin(StateMessageTypes.AtomInvalidate)
                .With("key"u8, key).With("optimisticId"u8, id).With("reason"u8, refusal).End());
        }
    }

    /// <summary>Stores an atom and tells of it.</summary>
    /// <returns>Whether there is room for it.</returns>
    private bool TryStore(string key, Atom atom, Audience<object>.Member? from, string? optimisticId)
    {
        byte[] frame = Frame(key, atom);
        long bytes = _bytes + frame.Length - (_atoms.TryGetValue(key, out (Atom Atom, byte[] Frame) old) ? old.Frame.Length : 0);
        if (bytes > _options.MaxBytes)
            return false;
        _bytes = bytes;
        _atoms[key] = (atom, frame);
        Keep(key);
        _picture = null;
        if (from is not null && optimisticId is not null)
            _audience.Send(from, Frame(key, atom, optimisticId));
        else
            from = null;
        _audience.SendToAll(frame, except: from);
        _onChange.Notify((key, atom), static (listener, set) => listener(set.key, set.atom), _server.ReportFailed);
        return true;
    }

    private void Welcome(Audience<object>.Member member) =>
        _audience.SendPicture(member, _picture ??= [.. _atoms.Values.Select(static known => (ReadOnlyMemory<byte>)known.Frame)]);

    private void Clear()
    {
        foreach (string key in _atoms.Keys)
            Keep(key);
        _atoms.Clear();
        _picture = null;
        _bytes = 0;
    }

    private byte[] Frame(string key, Atom atom, string? optimisticId = null) => _frame.Begin(StateMessageTypes.AtomSet)
        .With("key"u8, key).With("atom"u8, atom.Value).With("optimisticId"u8, optimisticId).End();

    private bool IsOf(string key, KrmxUser user) =>
        !_options.HasStrictPrefixes || key.IndexOf('/') is not (>= 0 and int slash) || key.AsSpan(0, slash).SequenceEqual(user.Name);
}
