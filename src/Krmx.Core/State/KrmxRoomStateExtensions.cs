using Krmx.Contracts;
using Krmx.State;

namespace Krmx;

/// <summary>Attaches shared state to a server, before it listens or in one of its turns.</summary>
public static class KrmxRoomStateExtensions
{
    /// <summary>Adds a value that only the server sees; a durable room keeps it.</summary>
    /// <param name="server">The room.</param>
    /// <param name="name">The value's name.</param>
    /// <param name="initial">What it is at first; what a durable room has stored takes its place.</param>
    /// <param name="options">How it is kept. Default: the defaults.</param>
    /// <typeparam name="T">An immutable type, which can be written as JSON and read again where the room is durable.</typeparam>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The name is empty or has a lone surrogate.</exception>
    /// <exception cref="KrmxException">
    /// The room has a value of that name; or it is durable and cannot read what it has stored, or could not read what it would store.
    /// </exception>
    /// <exception cref="NotSupportedException">The room is durable, and the JSON options do not know <typeparamref name="T"/>.</exception>
    public static KrmxValue<T> AddValue<T>(this KrmxRoomCore server, string name, T initial, ValueOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (string.IsNullOrEmpty(name) || !Utf16.IsWellFormed(name))
            throw new ArgumentException("The name of a value is a text that is not empty and has no lone surrogate.", nameof(name));
        server.VerifyUse();
        return new KrmxValue<T>(server, name, initial, options ?? new ValueOptions());
    }

    /// <summary>Attaches atoms: values by key that every linked user sees and may set (protocol section 9).</summary>
    /// <param name="server">The server.</param>
    /// <param name="options">What is allowed. Default: the defaults.</param>
    /// <returns>The atoms.</returns>
    /// <exception cref="KrmxException">The server has atoms already.</exception>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public static ServerAtoms AddAtoms(this KrmxRoomCore server, AtomOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        server.VerifyUse();
        var atoms = new ServerAtoms(server, options?.Copy() ?? new AtomOptions());
        server.ContractInTheMaking?.HasAtoms = true;
        return atoms;
    }

    /// <summary>Attaches a stream: a log of events that every linked user folds into the same state (protocol section 9).</summary>
    /// <param name="server">The server.</param>
    /// <param name="domain">The stream's name, the same as at the clients.</param>
    /// <param name="model">Its events. None can be added to it any more.</param>
    /// <param name="options">What is allowed. Default: the defaults.</param>
    /// <returns>The stream.</returns>
    /// <exception cref="KrmxException">The server has a stream of that name already.</exception>
    /// <exception cref="ArgumentException">The name is empty or has a lone surrogate, or an option is out of its range.</exception>
    public static ServerStream<TState> AddStream<TState>(
        this KrmxRoomCore server, string domain, StreamModel<TState> model, StreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(model);
        Attachments.DemandDomain(domain);
        server.VerifyUse();
        var stream = new ServerStream<TState>(server, domain, model, options?.Copy() ?? new StreamOptions());
        server.ContractInTheMaking?.Shares(new ContractStream(domain, model.Events.Describe));
        return stream;
    }

    /// <summary>Attaches a projection: a state of which every linked user sees a view of their own (protocol section 9).</summary>
    /// <param name="server">The server.</param>
    /// <param name="domain">The projection's name, the same as at the clients.</param>
    /// <param name="model">Its view and its actions. None can be added to it any more.</param>
    /// <param name="options">How it is kept. Default: the defaults.</param>
    /// <returns>The projection.</returns>
    /// <exception cref="KrmxException">
    /// The server has a projection of that name already; or it is durable and cannot read what it has stored, or could not read what it would store.
    /// </exception>
    /// <exception cref="ArgumentException">The name is empty or has a lone surrogate.</exception>
    public static ServerProjection<TState, TView> AddProjection<TState, TView>(
        this KrmxRoomCore server, string domain, ProjectionModel<TState, TView> model, ProjectionOptions<TState>? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(model);
        Attachments.DemandDomain(domain);
        server.VerifyUse();
        var projection = new ServerProjection<TState, TView>(server, domain, model, options?.Copy() ?? new ProjectionOptions<TState>());
        server.ContractInTheMaking?.Shares(new ContractProjection(domain, model.ViewType, model.Actions.Describe));
        return projection;
    }
}
