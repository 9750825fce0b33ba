using Krmx.Rooms;

namespace Krmx.State;

// What a durable room keeps of a projection: the state, and what code the views were made with that clients have.
public sealed partial class ServerProjection<TState, TView>
{
    private DurableState<TState>? _durable; // null where the room is not durable
    private bool _isBuildWritten;

    string IRoomPart.Name => $"projection '{Domain}'";

    void IRoomPart.WriteChanges(RoomRecorder recorder)
    {
        _durable!.WriteChanges(recorder);
        if (!_isBuildWritten)
            WriteBuild(recorder);
        _isBuildWritten = true;
    }

    void IRoomPart.WriteWhole(RoomRecorder recorder)
    {
        _durable!.WriteWhole(recorder);
        WriteBuild(recorder);
    }

    private void WriteBuild(RoomRecorder recorder) => recorder.Part(((IRoomPart)this).Name, writer => writer.WriteStringValue(_model.ViewBuild));

    private void Restore(KrmxUpgrade? upgrade)
    {
        IReadOnlyList<ReadOnlyMemory<byte>>? changes = _server.Claim(this);
        if (!_server.IsDurable)
        {
            State = _initial();
            return;
        }

        // Which code made the views stands among the changes of the state, as texts.
        string? build = null;
        var ofState = new List<ReadOnlyMemory<byte>>();
        foreach (ReadOnlyMemory<byte> change in changes ?? [])
        {
            if (change.Span[0] == '"')
                build = JsonTree.Parse(change.Span).Text;
            else
                ofState.Add(change);
        }
        _durable = new DurableState<TState>(((IRoomPart)this).Name, _model.ViewType.Options, changes is null ? null : ofState, _initial, upgrade);
        State = _durable.State;
        _isBuildWritten = build is { Length: > 0 } && build == _model.ViewBuild;
        if (_isBuildWritten)
            return;

        // Clients that come back are sent the view anew, lest later changes be of one that they have not.
        _server.OnOpened(() =>
        {
            foreach (Audience<ViewSnapshot>.Member member in _audience.Members)
            {
                Welcome(member);
                _server.Changed(this);
            }
        });
    }

    private void Keep(TState next)
    {
        if (_durable is not null && _durable.Set(next))
            _server.Changed(this);
    }
}
