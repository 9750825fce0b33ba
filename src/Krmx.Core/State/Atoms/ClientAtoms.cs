using System.Collections.Immutable;
using System.Text.Json;

namespace Krmx.State;

/// <summary>
/// The atoms as a client has them: the server's, with those on top that the client has set and the server has not answered.
/// </summary>
/// <inheritdoc cref="ClientState{TValue}"/>
public sealed class ClientAtoms : ClientState<ImmutableDictionary<string, Atom>>
{
    private static readonly ImmutableDictionary<string, Atom> None = ImmutableDictionary.Create<string, Atom>(StringComparer.Ordinal);

    private readonly StateFrame _frame = new();

    internal ClientAtoms(KrmxClientCore client, LiveOptions options)
        : base(client, "atoms", None, options)
    {
        ReceiveChanges(StateMessageTypes.AtomSet, DomainRouter<KrmxClientCore>.NoDomain, HandleSet);
        ReceiveAnswers(StateMessageTypes.AtomInvalidate, DomainRouter<KrmxClientCore>.NoDomain, HandleRefusal);
    }

    /// <summary>All atoms by their keys; a snapshot.</summary>
    public ImmutableDictionary<string, Atom> All => Shown;

    private protected override ImmutableDictionary<string, Atom> Empty => None;

    /// <summary>The atom of a key; null where there is none.</summary>
    public Atom? this[string key] => Shown.TryGetValue(key, out Atom atom) ? atom : (Atom?)null;

    /// <summary>Asks the server to set an atom; it shows at once.</summary>
    /// <param name="key">The key.</param>
    /// <param name="atom">The value.</param>
    /// <param name="completed">Told what became of it, as listeners of the client are. Default: nobody.</param>
    /// <exception cref="ArgumentException">The key has a lone surrogate.</exception>
    public void Set(string key, Atom atom, Action<DispatchResult>? completed = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!Utf16.IsWellFormed(key))
            throw new ArgumentException("The key has a lone surrogate.", nameof(key));
        var bound = new BoundAction<ImmutableDictionary<string, Atom>>((atoms, _) => atoms.SetItem(key, atom));
        Send(new KrmxAction(key, atom.Value.ToUtf8()), bound, null, id => Frame(key, atom, id), completed);
    }

    private byte[] Frame(string key, Atom atom, string id) => _frame.Begin(StateMessageTypes.AtomSet)
        .With("key"u8, key).With("atom"u8, atom.Value).With("optimisticId"u8, id).End();

    private void HandleSet(KrmxClientCore client, in StatePayload payload)
    {
        if (LinkedAs is null)
            return;
        if (payload.Key is not string key || !Atom.TryRead(payload.Atom, out Atom atom))
        {
            LoseTrack(StateMessageTypes.AtomSet, new JsonException(Atom.ShapeProblem));
            return;
        }
        // Another user may have set the same, which comes to the same.
        var sent = new KrmxAction(key, atom.Value.ToUtf8());
        PendingDispatch<ImmutableDictionary<string, Atom>>? own =
            TakeAnswered(payload.OptimisticId, pending => EventContent.AreSame(pending.Action, sent));
        Confirm(Confirmed.SetItem(key, atom));
        Answer(own, DispatchResult.Accepted);
    }
}
