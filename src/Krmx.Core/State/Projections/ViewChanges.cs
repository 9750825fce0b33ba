namespace Krmx.State;

/// <summary>What a new state changes in the views of all members; worked out before anything is changed or sent.</summary>
/// <remarks>
/// What members have in common is worked out once: an object that is part of several views becomes one tree, two trees are compared once,
/// and equal deltas are sent as one frame.
/// </remarks>
internal sealed class ViewChanges(JsonDeltaOptions options)
{
    private readonly TreeMaker _maker = new();
    private readonly Dictionary<(JsonTree, JsonTree), JsonTree> _deltas = [];
    private readonly Dictionary<JsonTree, List<Audience<ViewSnapshot>.Member>> _groups = [];
    private readonly List<(Audience<ViewSnapshot>.Member Member, ViewSnapshot Snapshot)> _snapshots = [];

    /// <summary>The members to tell, by what to tell them.</summary>
    public IReadOnlyDictionary<JsonTree, List<Audience<ViewSnapshot>.Member>> Groups => _groups;

    /// <summary>Makes the first view of a member.</summary>
    /// <param name="view">What the member sees.</param>
    /// <param name="shape">Its type's shape.</param>
    /// <param name="other">What somebody else sees, and may have in common with it.</param>
    public ViewSnapshot First(object? view, TypeShape shape, ViewSnapshot? other) =>
        new(view, _maker.Make(view, shape, other?.View, other?.Tree));

    /// <summary>Adds a member's view.</summary>
    /// <param name="member">The member.</param>
    /// <param name="view">What the member sees now.</param>
    /// <param name="shape">Its type's shape.</param>
    /// <returns>The delta to what the member saw before; null where that is the same.</returns>
    public JsonTree? Add(Audience<ViewSnapshot>.Member member, object? view, TypeShape shape)
    {
        ViewSnapshot before = member.Data!;
        JsonTree tree = _maker.Make(view, shape, before.View, before.Tree);
        if (ReferenceEquals(tree, before.Tree))
            return null;
        _snapshots.Add((member, new ViewSnapshot(view, tree)));
        return new DeltaWriter(options, _deltas).Diff(before.Tree, tree);
    }

    /// <summary>Puts a member into the group of those who are told the same.</summary>
    public void Group(Audience<ViewSnapshot>.Member member, JsonTree delta)
    {
        if (!_groups.TryGetValue(delta, out List<Audience<ViewSnapshot>.Member>? group))
            _groups.Add(delta, group = []);
        group.Add(member);
    }

    /// <summary>Makes the new views those that the members have been sent.</summary>
    public void Commit()
    {
        foreach ((Audience<ViewSnapshot>.Member member, ViewSnapshot snapshot) in _snapshots)
            member.Data = snapshot;
    }

    /// <summary>Forgets everything, so that nothing is kept alive until the next change.</summary>
    public void Clear()
    {
        _maker.Clear();
        _deltas.Clear();
        _groups.Clear();
        _snapshots.Clear();
    }
}
