import { ArnFormat, CfnDeletionPolicy, Names, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { TemplateVersion } from '#contract/template.ts';
import { compileTemplate } from '#core/template/compile.ts';
import { deployedMachine } from '#core/template/machine-name.ts';
import type { JobQueues } from './job-queues.ts';
import { allowSend } from './queue-with-dlq.ts';

/** With the name of a template and a hash behind it, the name of a machine has at most 80 characters. */
const MAX_PREFIX_LENGTH = 30;

export interface JobTemplatesProps {
  readonly queues: JobQueues;
  readonly templates: readonly TemplateVersion[];
  /** Whether machines of replaced templates go, though jobs may wait for them. */
  readonly disposable: boolean;
}

/** Templates → state machines; the API makes more of them at run time, under the same prefix and role. */
export class JobTemplates extends Construct {
  /** The address that those of all machines begin with. */
  readonly address: string;
  readonly role: Role;
  readonly #executions: string;

  constructor(scope: Construct, id: string, { queues, templates, disposable }: JobTemplatesProps) {
    super(scope, id);
    const prefix = Names.uniqueResourceName(this, { maxLength: MAX_PREFIX_LENGTH, separator: '-' });
    const stack = Stack.of(this);
    const addressOf = (resource: string) =>
      stack.formatArn({
        service: 'states',
        resource,
        resourceName: prefix,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    this.address = addressOf('stateMachine');
    this.#executions = addressOf('execution');
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        rights: new PolicyDocument({ statements: [allowSend(queues.split.queue, queues.results.queue)] }),
      },
    });
    const flowQueues = { split: queues.split.queue.queueUrl, results: queues.results.queue.queueUrl };
    for (const template of templates) {
      const machine = new CfnStateMachine(this, template.name, {
        stateMachineName: `${prefix}-${deployedMachine(template)}`,
        roleArn: this.role.roleArn,
        definitionString: stack.toJsonString(compileTemplate(template, flowQueues)),
      });
      // A changed template has a machine of another name; jobs that wait to be started look for this one.
      if (!disposable) {
        machine.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
        machine.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
      }
    }
  }

  /** Leave to make machines and new versions of them. */
  allowPublish(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: [
          'states:CreateStateMachine',
          'states:UpdateStateMachine',
          'states:PublishStateMachineVersion',
        ],
        resources: [`${this.address}-*`],
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
      }),
    ];
  }

  allowStart(): PolicyStatement {
    return new PolicyStatement({ actions: ['states:StartExecution'], resources: [`${this.address}-*`] });
  }

  allowStop(): PolicyStatement {
    return new PolicyStatement({ actions: ['states:StopExecution'], resources: [`${this.#executions}-*`] });
  }

  /** Leave to answer tasks that wait. */
  allowAnswer(): PolicyStatement {
    return new PolicyStatement({
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      resources: [`${this.address}-*`],
    });
  }
}
