namespace Krmx.Simulation;

// Whether a user's connection is dead, in the model, when somebody else wants the user.
public sealed partial class Model
{
    private static readonly TimeSpan HalfOfAChallenge = TimeSpan.FromSeconds(1);

    private void LinkIfTheOwnerIsDead(ModelAttempt attempt)
    {
        if (RefusalBySessions(attempt.Name, attempt.Resume) is string refusal)
        {
            Reject(attempt, refusal);
            return;
        }
        if (setup.Conflict != LinkConflict.Challenge || attempt.User!.Connection is not ModelConnection owner || IsOwner(attempt.User, attempt.Resume))
        {
            Link(attempt, attempt.User!);
            return;
        }
        ModelChallenge? challenge = _challenges.Find(c => c.Owner == owner);
        if (challenge is null)
        {
            challenge = new ModelChallenge(owner) { Due = _now + HalfOfAChallenge };
            _challenges.Add(challenge);
            Effects.Add(new Effect(EffectKind.Challenge, owner.Id, ""));
        }
        challenge.Waiting.Add(attempt);
    }

    private void IsAlive(ModelConnection owner)
    {
        foreach (ModelAttempt attempt in WhoWaitFor(owner).Where(_attempts.Contains))
            Reject(attempt, $"user {attempt.Name} is already linked to a connection");
    }

    private void ReleaseWhoWaitFor(ModelConnection owner)
    {
        foreach (ModelAttempt attempt in WhoWaitFor(owner))
        {
            _later.Enqueue(() =>
            {
                if (_attempts.Contains(attempt))
                    LinkIfTheOwnerIsDead(attempt);
            });
        }
    }

    /// <summary>Ends a connection's challenge; answers who waited for the end of it.</summary>
    private List<ModelAttempt> WhoWaitFor(ModelConnection owner)
    {
        ModelChallenge? challenge = _challenges.Find(c => c.Owner == owner);
        if (challenge is null)
            return [];
        _challenges.Remove(challenge);
        return challenge.Waiting;
    }

    /// <summary>One challenge after the other, each with its events before the next.</summary>
    private void EndChallengesThatTimedOut()
    {
        if (!_challenges.Exists(c => c.Due <= _now))
            return;
        _later.Enqueue(() =>
        {
            foreach (ModelChallenge half in _challenges.Where(c => c.Due <= _now && !c.IsHalfOver))
                (half.IsHalfOver, half.Due) = (true, _now + HalfOfAChallenge);
            ModelChallenge? challenge = _challenges.Where(c => c.Due <= _now).MinBy(c => c.Due);
            if (challenge is null)
                return;
            if (challenge.Waiting.Find(_attempts.Contains) is ModelAttempt first)
                Link(first, first.User!);
            else
                _challenges.Remove(challenge);
            EndChallengesThatTimedOut();
        });
    }
}

internal sealed class ModelChallenge(ModelConnection owner)
{
    public ModelConnection Owner { get; } = owner;

    public List<ModelAttempt> Waiting { get; } = [];

    /// <summary>When the half that runs is over.</summary>
    public TimeSpan Due { get; set; }

    public bool IsHalfOver { get; set; }
}
