using Krmx.State;

namespace Krmx;

/// <summary>Attaches shared state to a client, best before it links: a state that is attached later is live with the next link.</summary>
public static class KrmxClientStateExtensions
{
    /// <summary>Attaches the server's atoms: values by key that every linked user sees and may set (protocol section 9).</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">How they are kept. Default: the defaults.</param>
    /// <returns>The atoms.</returns>
    /// <exception cref="KrmxException">The client has atoms already.</exception>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public static ClientAtoms AddAtoms(this KrmxClientCore client, LiveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new ClientAtoms(client, options ?? new LiveOptions());
    }

    /// <summary>Attaches a stream: a log of events that every linked user folds into the same state (protocol section 9).</summary>
    /// <param name="client">The client.</param>
    /// <param name="domain">The stream's name, the same as at the server.</param>
    /// <param name="model">Its events. None can be added to it any more.</param>
    /// <param name="options">How it is kept. Default: the defaults.</param>
    /// <returns>The stream.</returns>
    /// <exception cref="KrmxException">The client has a stream of that name already.</exception>
    /// <exception cref="ArgumentException">The name is empty or has a lone surrogate, or an option is out of its range.</exception>
    public static ClientStream<TState> AddStream<TState>(
        this KrmxClientCore client, string domain, StreamModel<TState> model, LiveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(model);
        Attachments.DemandDomain(domain);
        return new ClientStream<TState>(client, domain, model, options ?? new LiveOptions());
    }

    /// <summary>Attaches a projection: a state of which every linked user sees a view of their own (protocol section 9).</summary>
    /// <param name="client">The client.</param>
    /// <param name="domain">The projection's name, the same as at the server.</param>
    /// <param name="model">Its view and its actions. None can be added to it any more.</param>
    /// <param name="options">How it is kept. Default: the defaults.</param>
    /// <returns>The projection.</returns>
    /// <exception cref="KrmxException">The client has a projection of that name already.</exception>
    /// <exception cref="ArgumentException">The name is empty or has a lone surrogate, or an option is out of its range.</exception>
    public static ClientProjection<TView> AddProjection<TState, TView>(
        this KrmxClientCore client, string domain, ProjectionModel<TState, TView> model, LiveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(model);
        Attachments.DemandDomain(domain);
        model.Seal();
        return new ClientProjection<TView>(client, domain, model.OptimisticActions, model.CreateReader(), options ?? new LiveOptions());
    }
}
