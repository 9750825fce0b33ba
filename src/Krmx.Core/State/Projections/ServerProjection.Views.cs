namespace Krmx.State;

// What the users see and what they are sent.
public sealed partial class ServerProjection<TState, TView>
{
    private readonly Audience<ViewSnapshot> _audience;
    private readonly ViewChanges _changes;
    private readonly StateFrame _frame = new();

    /// <summary>Works out what a new state changes in everybody's view.</summary>
    /// <returns>The delta for the one who dispatched and waits for an answer, who is told apart from the others.</returns>
    private JsonTree? Project(TState next, Audience<ViewSnapshot>.Member? from, string? optimisticId)
    {
        JsonTree? ownDelta = null;
        foreach (Audience<ViewSnapshot>.Member member in _audience.Members)
        {
            if (member.Data is null)
                continue; // its first view could not be made
            if (_changes.Add(member, _model.View(next, member.User.Name), _model.ViewShape) is not JsonTree delta)
                continue;
            if (member == from && optimisticId is not null)
                ownDelta = delta;
            else
                _changes.Group(member, delta);
        }
        return ownDelta;
    }

    private void Send(Audience<ViewSnapshot>.Member? from, string? optimisticId, JsonTree? ownDelta)
    {
        foreach ((JsonTree delta, List<Audience<ViewSnapshot>.Member> group) in _changes.Groups)
            _audience.Send(group, DeltaFrame(delta));
        if (from is null || optimisticId is null)
            return;
        if (ownDelta is null)
            SendInvalidate(from, optimisticId, DispatchResult.Accepted);
        else
            _audience.Send(from, DeltaFrame(ownDelta, optimisticId));
    }

    /// <summary>
    /// Answers a dispatch that changed nothing for the one who dispatched; more than <c>optimisticId</c> is our addition.
    /// </summary>
    private void SendInvalidate(Audience<ViewSnapshot>.Member member, string optimisticId, DispatchResult result) =>
        _audience.Send(member, _frame.Begin(StateMessageTypes.ProjectionInvalidate, Domain)
            .With("optimisticId"u8, optimisticId).With("accepted"u8, result.IsAccepted).With("reason"u8, result.Reason).End());

    private void Welcome(Audience<ViewSnapshot>.Member member)
    {
        try
        {
            ViewSnapshot? other = _audience.Members.LastOrDefault(static member => member.Data is not null)?.Data;
            member.Data = _changes.First(_model.View(State, member.User.Name), _model.ViewShape, other);
            _audience.SendPicture(member, [_frame.Begin(StateMessageTypes.ProjectionSet, Domain).With("projection"u8, member.Data.Tree).End()]);
        }
        catch (Exception error)
        {
            _server.ReportFailed($"{Domain} view", error);
        }
        finally
        {
            _changes.Clear();
        }
    }

    private byte[] DeltaFrame(JsonTree delta, string? optimisticId = null) => _frame.Begin(StateMessageTypes.ProjectionDelta, Domain)
        .With("delta"u8, delta).With("optimisticId"u8, optimisticId).End();
}
