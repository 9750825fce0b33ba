using Krmx.State;

namespace Krmx.Testing;

/// <summary>Plays a projection at random, and looks for wrong views and leaked secrets.</summary>
/// <remarks>
/// A server in memory has one client for each user. After every action each client's view, as the frames it was sent make it, must equal
/// what the model's view gives for that user now, serialized from scratch; and nothing that is secret from the user may be in it or in
/// those frames. Now and then a user's connection drops and comes back. What is played follows from the seed alone.
/// </remarks>
public static class ProjectionCheck
{
    /// <summary>Plays a projection at random until the steps are done or something is wrong.</summary>
    /// <param name="model">The projection's model. The check attaches it, so it takes no more actions afterwards.</param>
    /// <param name="users">Who plays: at least one, names without doubles. All of them are there from the start.</param>
    /// <param name="act">
    /// Given the server's state, chooses who does what next. Draw everything by chance from the random given, or the seed decides no more.
    /// Actions that are refused are welcome: refusals are searched too.
    /// </param>
    /// <param name="secrets">
    /// Given a state, returns what a user may not know in it. Searched for in every text and member name, where neither a letter nor a
    /// digit stands next to it, and among the numbers, as JSON has them; so a secret must not be a text that also stands for something else.
    /// Default: nothing is secret.
    /// </param>
    /// <param name="steps">How many actions. Default: 1,000. At least 1.</param>
    /// <param name="seed">What decides the play. Default: 1.</param>
    /// <param name="options">The projection's options. Default: the defaults.</param>
    /// <returns>What was played. Look at it: a play that only has refusals proves little.</returns>
    /// <exception cref="ProjectionCheckException">A view was wrong, a secret leaked, or a handler or a view failed.</exception>
    /// <exception cref="ArgumentException">There are no users, one is not valid, or an action is of somebody else.</exception>
    /// <exception cref="KrmxException">The model has no action of a type that was chosen.</exception>
    public static ProjectionCheckResult Run<TState, TView>(
        ProjectionModel<TState, TView> model,
        IReadOnlyList<string> users,
        Func<TState, Random, (string User, KrmxAction Action)> act,
        Func<TState, string, IEnumerable<string>>? secrets = null,
        int steps = 1000,
        int seed = 1,
        ProjectionOptions<TState>? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(act);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (users.Count == 0)
            throw new ArgumentException("Somebody must play.", nameof(users));
        return new ProjectionPlay<TState, TView>(model, users, secrets ?? (static (_, _) => []), seed, options).Run(act, steps);
    }
}
