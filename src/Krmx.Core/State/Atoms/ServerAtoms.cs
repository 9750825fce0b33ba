using System.Text.Json;

namespace Krmx.State;

/// <summary>
/// A server's atoms: values by key that every linked user sees and may set; the last one who sets wins (protocol section 9).
/// </summary>
/// <remarks>Belongs to the server's turns, as the server does.</remarks>
public sealed class ServerAtoms : IDisposable
{
    private const string EventName = "atom change";

    private readonly Dictionary<string, Atom> _atoms = new(StringComparer.Ordinal);
    private readonly ListenerList<Action<string, Atom>> _onChange = new(EventName);
    private readonly StateFrame _frame = new();
    private readonly KrmxRoomCore _server;
    private readonly AtomOptions _options;
    private readonly Audience<object> _audience;
    private readonly IDisposable _route;
    private long _characters;

    internal ServerAtoms(KrmxRoomCore server, AtomOptions options)
    {
        if (options.MaxCharacters < 0)
        {
            throw new ArgumentException(
                $"{nameof(AtomOptions.MaxCharacters)} must be at least 0, not {options.MaxCharacters}.", nameof(options));
        }
        _server = server;
        _options = options;
        _route = Attachments.Of(server).Add(StateMessageTypes.AtomSet, DomainRouter<KrmxUser>.NoDomain, Handle);
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
    public Atom? this[string key] => _atoms.TryGetValue(key, out Atom atom) ? atom : (Atom?)null;

    /// <summary>Sets an atom, and tells every linked user.</summary>
    /// <exception cref="ArgumentException">The key has a lone surrogate.</exception>
    /// <exception cref="KrmxException">There would be more characters than <see cref="AtomOptions.MaxCharacters"/>.</exception>
    public void Set(string key, Atom atom)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!Utf16.IsWellFormed(key))
            throw new ArgumentException("The key has a lone surrogate.", nameof(key));
        _server.VerifyUse();
        if (!Fits(key, atom))
            throw new KrmxException($"cannot set the atom '{key}': all atoms may have {_options.MaxCharacters} characters");
        Store(key, atom, from: null, optimisticId: null);
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
    }

    private void Handle(KrmxUser user, in StatePayload payload)
    {
        if (payload.Key is not string key || !Atom.TryRead(payload.Atom, out Atom atom))
        {
            _server.ReportRefused(user.Name, StateMessageTypes.AtomSet, new JsonException(Atom.ShapeProblem));
            return;
        }
        string? refusal = IsOf(key, user) ? Fits(key, atom) ? null : "there are too many atoms" : "the key belongs to another user";
        if (refusal is null)
            Store(key, atom, _audience.Find(user), payload.OptimisticId);
        else if (payload.OptimisticId is string id && _audience.Find(user) is { } member)
        {
            _audience.Send(member, _frame.Begin(StateMessageTypes.AtomInvalidate)
                .With("key"u8, key).With("optimisticId"u8, id).With("reason"u8, refusal).End());
        }
    }

    private void Store(string key, Atom atom, Audience<object>.Member? from, string? optimisticId)
    {
        _characters += SizeOf(key, atom) - (_atoms.TryGetValue(key, out Atom old) ? SizeOf(key, old) : 0);
        _atoms[key] = atom;
        if (from is not null && optimisticId is not null)
            _audience.Send(from, Frame(key, atom, optimisticId));
        else
            from = null;
        _audience.SendToAll(Frame(key, atom), except: from);
        _onChange.Notify((key, atom), static (listener, set) => listener(set.key, set.atom), _server.ReportFailed);
    }

    private void Welcome(Audience<object>.Member member)
    {
        foreach ((string key, Atom atom) in _atoms)
            _audience.Send(member, Frame(key, atom));
    }

    private void Clear()
    {
        _atoms.Clear();
        _characters = 0;
    }

    private byte[] Frame(string key, Atom atom, string? optimisticId = null) => _frame.Begin(StateMessageTypes.AtomSet)
        .With("key"u8, key).With("atom"u8, atom.Value).With("optimisticId"u8, optimisticId).End();

    private bool IsOf(string key, KrmxUser user) =>
        !_options.HasStrictPrefixes || key.IndexOf('/') is not (>= 0 and int slash) || key.AsSpan(0, slash).SequenceEqual(user.Name);

    private bool Fits(string key, Atom atom) =>
        _characters + SizeOf(key, atom) - (_atoms.TryGetValue(key, out Atom old) ? SizeOf(key, old) : 0) <= _options.MaxCharacters;

    private static long SizeOf(string key, Atom atom) => key.Length + (long)atom.Value.Size;
}
